;; The exception instructions that came before 3.0: try, catch, catch_all, delegate, rethrow.

(module
  (tag $a)
  (tag $i (param i32))
  (tag $p (param i32 i64))
  (func $throw (param i32) (throw $i (local.get 0)))

  (func (export "catch") (param i32) (result i32)
    (try (result i32) (do (call $throw (local.get 0)) (i32.const -1)) (catch $i)))
  (func (export "catch-in-order") (param i32) (result i32)
    (try (result i32)
      (do
        (if (i32.eqz (local.get 0)) (then (throw $a)))
        (if (i32.eq (local.get 0) (i32.const 1)) (then (throw $i (i32.const 10))))
        (if (i32.eq (local.get 0) (i32.const 2)) (then (throw $p (i32.const 20) (i64.const 21))))
        (i32.const 99))
      (catch $a (i32.const 1))
      (catch $i)
      (catch_all (i32.const 3))))
  (func (export "catch-two-values") (result i32 i64)
    (try (result i32 i64) (do (throw $p (i32.const 4) (i64.const 5))) (catch $p)))
  (func (export "no-catch") (param i32) (result i32)
    (try (result i32) (do (call $throw (local.get 0)) (i32.const 1))))
  (func (export "catch_all-only") (result i32)
    (try (result i32) (do (throw $p (i32.const 4) (i64.const 5))) (catch_all (i32.const 6))))
  (func (export "trap-is-not-caught") (result i32)
    (try (result i32) (do (unreachable)) (catch_all (i32.const 6))))

  (func (export "rethrow") (param i32) (result i32)
    (try (result i32)
      (do (try (result i32) (do (call $throw (local.get 0)) (i32.const -1))
            (catch $i (drop) (rethrow 0))))
      (catch $i (i32.add (i32.const 100)))))
  (func (export "rethrow-outer") (result i32)
    (try (result i32)
      (do
        (try (result i32)
          (do (throw $i (i32.const 1)))
          (catch $i
            (drop)
            (try (result i32)
              (do (throw $i (i32.const 2)))
              (catch $i (drop) (rethrow 1)))))) ;; the one that holds 1, though 2 was caught last
      (catch $i)))
  (func (export "rethrow-in-blocks") (param i32) (result i32)
    (try (result i32)
      (do
        (try (do (throw $i (i32.const 3)))
          (catch_all
            (block (loop (if (local.get 0) (then (rethrow 3)))))))
        (i32.const 0))
      (catch $i)))
  (func (export "rethrow-uncaught") (try (do (throw $a)) (catch_all (rethrow 0))))

  (func (export "delegate") (result i32)
    (try $outer (result i32)
      (do
        (try (result i32)
          (do (try (result i32) (do (throw $i (i32.const 7))) (delegate $outer)))
          (catch $i (i32.add (i32.const 1000))))) ;; passed over
      (catch $i)))
  (func (export "delegate-to-next") (result i32)
    (try $outer (result i32)
      (do
        (try $next (result i32)
          (do (try (result i32) (do (throw $i (i32.const 7))) (delegate $next)))
          (catch $i (i32.add (i32.const 1000)))))
      (catch $i)))
  (func (export "delegate-to-caller") (result i32)
    (try (result i32)
      (do (call $delegates) (i32.const 0))
      (catch $i)))
  (func $delegates
    (try
      (do (try (do (throw $i (i32.const 8))) (delegate 1)))
      (catch $i (drop))))
  (func (export "delegate-nested-twice") (result i32)
    (try $0 (result i32)
      (do
        (try $1 (result i32)
          (do
            (try $2 (result i32)
              (do
                (try $3 (result i32)
                  (do
                    (try (result i32) (do (throw $i (i32.const 1))) (delegate $2)))
                  (catch $i (i32.add (i32.const 10)))))
              (delegate $0)))
          (catch $i (i32.add (i32.const 20)))))
      (catch $i (i32.add (i32.const 30)))))
  (func (export "delegate-to-block") (result i32)
    (try (result i32)
      (do
        (block $b (result i32)
          (try (result i32)
            (do (try (result i32) (do (throw $i (i32.const 5))) (delegate $b)))
            (catch $i (i32.add (i32.const 1000))))))
      (catch $i)))
  (func (export "delegate-nothing-thrown") (result i32)
    (try $outer (result i32)
      (do (try (result i32) (do (i32.const 11)) (delegate $outer)))
      (catch_all (i32.const 12))))
  (func (export "delegate-in-catch") (result i32)
    (try $outer (result i32)
      (do
        (try (result i32)
          (do (throw $a))
          (catch $a
            (try (result i32) (do (throw $i (i32.const 13))) (delegate $outer)))))
      (catch $i (i32.add (i32.const 100)))))
  (func (export "delegate-branch-out") (param i32) (result i32)
    (block $out (result i32)
      (try $t (result i32)
        (do
          (try (result i32)
            (do (br_if $out (i32.const 1) (local.get 0)) (drop) (throw $i (i32.const 2)))
            (delegate $t)))
        (catch $i (i32.add (i32.const 10))))))

  (func (export "throw-in-catch") (result i32)
    (try (result i32)
      (do
        (try (result i32) (do (throw $i (i32.const 1)))
          (catch $i (throw $i (i32.add (i32.const 1))))
          (catch_all (i32.const 50))))
      (catch $i)))
  (func (export "throw-in-catch_all") (result i32)
    (try (result i32)
      (do (try (result i32) (do (throw $a)) (catch_all (throw $i (i32.const 5)))))
      (catch $i)))
  (func (export "locals-and-stack") (param i32) (result i32)
    (i32.const 1000)
    (try (result i32)
      (do
        (local.set 0 (i32.add (local.get 0) (i32.const 1)))
        (i32.const 5)
        (throw $i (i32.const 100)))
      (catch $i))
    (i32.add) (i32.add (local.get 0)))
  (func (export "block-parameters") (param i32) (result i32)
    (local.get 0)
    (try (param i32) (result i32)
      (do (i32.const 2) (i32.mul) (throw $i))
      (catch $i (i32.add (i32.const 1)))))
  (func (export "in-a-loop") (param $n i32) (result i32) (local $sum i32)
    (loop $next
      (try
        (do (call $throw (local.get $n)))
        (catch $i (local.set $sum (i32.add (local.get $sum)))))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))
  (func (export "branch-to-try") (param i32) (result i32)
    (try $t (result i32)
      (do (br_if $t (i32.const 1) (local.get 0)) (drop) (throw $a))
      (catch $a (br $t (i32.const 2)))))

  ;; Both generations in one function
  (func (export "old-in-new") (result i32)
    (block $h (result i32)
      (try_table (catch $i $h)
        (try (do (throw $i (i32.const 4))) (catch $a)))
      (unreachable)))
  (func (export "new-in-old") (result i32)
    (try (result i32)
      (do (block $h (try_table (catch $a $h) (throw $i (i32.const 4)))) (i32.const 0))
      (catch $i))))

(assert_return (invoke "catch" (i32.const 5)) (i32.const 5))
(assert_return (invoke "catch-in-order" (i32.const 0)) (i32.const 1))
(assert_return (invoke "catch-in-order" (i32.const 1)) (i32.const 10))
(assert_return (invoke "catch-in-order" (i32.const 2)) (i32.const 3))
(assert_return (invoke "catch-in-order" (i32.const 3)) (i32.const 99))
(assert_return (invoke "catch-two-values") (i32.const 4) (i64.const 5))
(assert_exception (invoke "no-catch" (i32.const 5)))
(assert_return (invoke "catch_all-only") (i32.const 6))
(assert_trap (invoke "trap-is-not-caught") "unreachable")
(assert_return (invoke "rethrow" (i32.const 5)) (i32.const 105))
(assert_return (invoke "rethrow-outer") (i32.const 1))
(assert_return (invoke "rethrow-in-blocks" (i32.const 0)) (i32.const 0))
(assert_return (invoke "rethrow-in-blocks" (i32.const 1)) (i32.const 3))
(assert_exception (invoke "rethrow-uncaught"))
(assert_return (invoke "delegate") (i32.const 7))
(assert_return (invoke "delegate-to-next") (i32.const 1007))
(assert_return (invoke "delegate-to-caller") (i32.const 8))
(assert_return (invoke "delegate-nested-twice") (i32.const 31))
(assert_return (invoke "delegate-to-block") (i32.const 5))
(assert_return (invoke "delegate-nothing-thrown") (i32.const 11))
(assert_return (invoke "delegate-in-catch") (i32.const 113))
(assert_return (invoke "delegate-branch-out" (i32.const 1)) (i32.const 1))
(assert_return (invoke "delegate-branch-out" (i32.const 0)) (i32.const 12))
(assert_return (invoke "throw-in-catch") (i32.const 2))
(assert_return (invoke "throw-in-catch_all") (i32.const 5))
(assert_return (invoke "locals-and-stack" (i32.const 1)) (i32.const 1102))
(assert_return (invoke "block-parameters" (i32.const 4)) (i32.const 9))
(assert_return (invoke "in-a-loop" (i32.const 100)) (i32.const 5050))
(assert_return (invoke "branch-to-try" (i32.const 1)) (i32.const 1))
(assert_return (invoke "branch-to-try" (i32.const 0)) (i32.const 2))
(assert_return (invoke "old-in-new") (i32.const 4))
(assert_return (invoke "new-in-old") (i32.const 4))

(assert_invalid (module (tag $i (param i32)) (func (try (do) (catch $i)))) "type mismatch")
(assert_invalid (module (func (try (do) (catch 0)))) "unknown tag")
(assert_invalid (module (func (block (rethrow 0)))) "invalid rethrow label")
(assert_invalid (module (func (try (do (rethrow 0)) (catch_all)))) "invalid rethrow label")
(assert_invalid (module (func (try (do) (delegate 1)))) "unknown label")
(assert_malformed (module quote "(func (catch_all))") "unexpected token")
(assert_malformed (module quote "(tag $a) (func try catch_all catch $a end)") "")

;; In binary: clauses behind catch_all, code behind the end, locals that cannot be
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00"
    "\0a\09\01\07\00\06\40\19\19\0b\0b") ;; try catch_all catch_all end
  "")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0d\03\01\00\00"
    "\0a\0a\01\08\00\06\40\19\07\00\0b\0b") ;; try catch_all catch 0 end
  "")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00"
    "\0a\09\01\07\00\06\40\19\0b\0b\01") ;; nop behind the end
  "section size mismatch")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00"
    "\0a\0c\01\0a\ff\ff\ff\ff\0f\06\40\19\0b\0b") ;; four billion groups of locals
  "")
