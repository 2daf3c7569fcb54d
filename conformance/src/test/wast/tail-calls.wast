;; Tail calls: any number of them takes no more stack than one.

(module
  (type $count (func (param i32 i64) (result i64)))
  (table funcref (elem $indirect-even $indirect-odd $other))

  (func $self (export "self") (param i32 i64) (result i64)
    (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
    (return_call $self
      (i32.sub (local.get 0) (i32.const 1)) (i64.add (local.get 1) (i64.const 1))))

  (func $even (export "mutual") (param i32 i64) (result i64)
    (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
    (return_call $odd (i32.sub (local.get 0) (i32.const 1)) (i64.add (local.get 1) (i64.const 1))))
  (func $odd (param i32 i64) (result i64)
    (if (i32.eqz (local.get 0)) (then (return (i64.sub (i64.const 0) (local.get 1)))))
    (return_call $even (i32.sub (local.get 0) (i32.const 1)) (i64.add (local.get 1) (i64.const 1))))

  (func $indirect-even (export "indirect") (param i32 i64) (result i64)
    (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
    (return_call_indirect (type $count)
      (i32.sub (local.get 0) (i32.const 1)) (i64.add (local.get 1) (i64.const 1)) (i32.const 1)))
  (func $indirect-odd (param i32 i64) (result i64) (local i64 i64 i64 i64)
    (if (i32.eqz (local.get 0)) (then (return (i64.sub (i64.const 0) (local.get 1)))))
    (return_call_indirect (type $count)
      (i32.sub (local.get 0) (i32.const 1)) (i64.add (local.get 1) (i64.const 1)) (i32.const 0)))
  (func $other (param f32))
  (func (export "indirect-wrong") (param i32) (result i64)
    (return_call_indirect (type $count) (i32.const 0) (i64.const 0) (local.get 0)))

  (func $reference (export "reference") (param i32 i64) (result i64)
    (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
    (return_call_ref $count
      (i32.sub (local.get 0) (i32.const 1)) (i64.add (local.get 1) (i64.const 1))
      (ref.func $reference)))
  (func (export "null-reference") (result i64)
    (return_call_ref $count (i32.const 0) (i64.const 0) (ref.null $count)))
  (elem declare func $reference)

  ;; Arguments that are permuted, and more or fewer than the caller's own.
  (func $rotate (export "rotate") (param i32 i32 i32 i32) (result i32 i32 i32)
    (if (i32.eqz (local.get 3)) (then (return (local.get 0) (local.get 1) (local.get 2))))
    (return_call $rotate (local.get 1) (local.get 2) (local.get 0)
      (i32.sub (local.get 3) (i32.const 1))))
  (func $one (param i32) (result i64)
    (return_call $five (local.get 0) (i64.const 2) (i64.const 3) (i64.const 4) (v128.const i64x2 5 6)))
  (func $five (param i32 i64 i64 i64 v128) (result i64)
    (if (i32.eqz (local.get 0)) (then (return (i64x2.extract_lane 1 (local.get 4)))))
    (return_call $one (i32.sub (local.get 0) (i32.const 1))))
  (func (export "growing-frames") (param i32) (result i64) (return_call $one (local.get 0)))

  ;; An ordinary call below, which goes on after the chain of tail calls.
  (func (export "below") (result i64)
    (i64.const 1000) (call $self (i32.const 100000) (i64.const 0)) (i64.add))
  ;; A tail call leaves blocks, and drops what lies on the stack.
  (func (export "from-blocks") (param i32) (result i64)
    (i32.const 1) (i64.const 2)
    (block (loop (if (local.get 0) (then (f32.const 1) (return_call $self (i32.const 3) (i64.const 4))))))
    (drop) (drop) (i64.const 0))
  ;; Not every call in a function is one.
  (func $deep (export "not-a-tail-call") (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
    (i32.add (i32.const 1) (call $deep (i32.sub (local.get 0) (i32.const 1))))))

(assert_return (invoke "self" (i32.const 0) (i64.const 5)) (i64.const 5))
(assert_return (invoke "self" (i32.const 10000000) (i64.const 0)) (i64.const 10000000))
(assert_return (invoke "mutual" (i32.const 1000000) (i64.const 0)) (i64.const 1000000))
(assert_return (invoke "mutual" (i32.const 99999) (i64.const 0)) (i64.const -99999))
(assert_return (invoke "indirect" (i32.const 10000000) (i64.const 0)) (i64.const 10000000))
(assert_trap (invoke "indirect-wrong" (i32.const 2)) "indirect call type mismatch")
(assert_trap (invoke "indirect-wrong" (i32.const 3)) "undefined element")
(assert_return (invoke "reference" (i32.const 1000000) (i64.const 0)) (i64.const 1000000))
(assert_trap (invoke "null-reference") "null function reference")
(assert_return (invoke "rotate" (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 1000001))
  (i32.const 3) (i32.const 1) (i32.const 2))
(assert_return (invoke "growing-frames" (i32.const 1000000)) (i64.const 6))
(assert_return (invoke "below") (i64.const 101000))
(assert_return (invoke "from-blocks" (i32.const 1)) (i64.const 7))
(assert_return (invoke "from-blocks" (i32.const 0)) (i64.const 0))
(assert_exhaustion (invoke "not-a-tail-call" (i32.const 10000000)) "call stack exhausted")

;; Through imports: of the host, and of another instance and back.

(module $there
  (import "spectest" "print_i32" (func $print (param i32)))
  (table (export "t") 1 funcref)
  (type $count (func (param i32 i64) (result i64)))
  (func (export "to-host") (return_call $print (i32.const 1)))
  (func (export "back") (param i32 i64) (result i64)
    (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
    (return_call_indirect (type $count)
      (i32.sub (local.get 0) (i32.const 1)) (i64.add (local.get 1) (i64.const 1)) (i32.const 0))))
(register "there" $there)
(module $here
  (import "there" "t" (table 1 funcref))
  (import "there" "back" (func $back (param i32 i64) (result i64)))
  (func $forth (export "forth") (param i32 i64) (result i64)
    (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
    (return_call $back
      (i32.sub (local.get 0) (i32.const 1)) (i64.add (local.get 1) (i64.const 1))))
  (elem (i32.const 0) $forth))
(assert_return (invoke $there "to-host"))
(assert_return (invoke $here "forth" (i32.const 5) (i64.const 0)) (i64.const 5))
(assert_return (invoke $here "forth" (i32.const 1000000) (i64.const 0)) (i64.const 1000000))

(assert_invalid
  (module (func $f (result i64) (i64.const 0)) (func (result i32) (return_call $f))) "type mismatch")
(assert_invalid (module (func $f (param i32)) (func (return_call $f))) "type mismatch")
(assert_invalid
  (module (type $t (func (result i64))) (func (result i32) (return_call_ref $t (ref.null $t)))) "type mismatch")
