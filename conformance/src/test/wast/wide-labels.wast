;; Labels that take many operands, reached in every way while the operands lie too high.

(module
  (type $many (func (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i64 f64
                            i32 i32 i32 i32 i32 i32 i32 funcref)))
  (table 1 funcref)
  (func $values (type $many)
    (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4) (i32.const 5)
    (i32.const 6) (i32.const 7) (i32.const 8) (i32.const 9) (i32.const 10)
    (i64.const 11) (f64.const 12)
    (i32.const 13) (i32.const 14) (i32.const 15) (i32.const 16) (i32.const 17)
    (i32.const 18) (i32.const 19) (ref.null func))

  ;; weighs what arrives, so that no two places can be exchanged
  (func $weigh (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i64 f64
                      i32 i32 i32 i32 i32 i32 i32 funcref) (result i32)
    (i32.add
      (i32.add
        (i32.add (i32.mul (local.get 0) (i32.const 3)) (i32.mul (local.get 1) (i32.const 5)))
        (i32.add (i32.mul (local.get 9) (i32.const 7)) (i32.wrap_i64 (local.get 10))))
      (i32.add
        (i32.add (i32.trunc_f64_s (local.get 11)) (i32.mul (local.get 18) (i32.const 11)))
        (ref.is_null (local.get 19)))))

  (func (export "br") (result i32)
    (block (type $many) (i32.const -1) (call $values) (br 0))
    (call $weigh))

  (func (export "br_if") (param i32) (result i32)
    (block (type $many)
      (i32.const -1)
      (call $values)
      (local.get 0)
      (br_if 0)
      (br 0))
    (call $weigh))

  (func (export "br_table") (param i32) (result i32)
    (block (type $many)
      (i64.const -1)
      (block (type $many)
        (f64.const -1)
        (call $values)
        (local.get 0)
        (br_table 0 1))
      (br 0))
    (call $weigh))

  (func (export "br_on_null") (param funcref) (result i32)
    (block (type $many)
      (i32.const -1)
      (call $values)
      (br_on_null 0 (local.get 0))
      (drop)
      (br 0))
    (call $weigh))

  (func (export "fall-through") (param i32) (result i32)
    (block $small (result i32)
      (block (type $many)
        (i32.const -1)
        (call $values)
        (local.get 0)
        (br_if 0)
        (drop (call $weigh))
        (br $small (i32.const 77)))
      (call $weigh)))
)

;; 3*1 + 5*2 + 7*10 + 11 + 12 + 11*19 + 1
(assert_return (invoke "br") (i32.const 316))
(assert_return (invoke "br_if" (i32.const 0)) (i32.const 316))
(assert_return (invoke "br_if" (i32.const 1)) (i32.const 316))
(assert_return (invoke "br_table" (i32.const 0)) (i32.const 316))
(assert_return (invoke "br_table" (i32.const 1)) (i32.const 316))
(assert_return (invoke "br_on_null" (ref.null func)) (i32.const 316))
(assert_return (invoke "fall-through" (i32.const 0)) (i32.const 77))
(assert_return (invoke "fall-through" (i32.const 1)) (i32.const 316))
