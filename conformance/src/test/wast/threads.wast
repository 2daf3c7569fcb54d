;; Several threads on one shared memory: sums that must not lose a step, waiting and waking, growth.

(module $Mem (memory (export "shared") 1 10 shared))

;; Two threads add to one counter.

(thread $A (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 10 shared)
    (func (export "run") (param $n i32)
      (loop $l
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        (drop (i64.atomic.rmw8.add_u (i32.const 9) (i64.const 1)))
        (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))
  (invoke "run" (i32.const 50000)))
(thread $B (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 10 shared)
    (func (export "run") (param $n i32) (local $old i32)
      ;; The same with compare and exchange
      (loop $l
        (loop $again
          (local.set $old (i32.atomic.load (i32.const 0)))
          (br_if $again (i32.ne (local.get $old)
            (i32.atomic.rmw.cmpxchg (i32.const 0) (local.get $old)
              (i32.add (local.get $old) (i32.const 1))))))
        (drop (i32.atomic.rmw16.sub_u (i32.const 10) (i32.const 1)))
        (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))
  (invoke "run" (i32.const 50000)))
(wait $A)
(wait $B)
(register "mem" $Mem)
(module $Check
  (memory (import "mem" "shared") 1 10 shared)
  (func (export "load") (param i32) (result i32) (i32.atomic.load (local.get 0)))
  (func (export "store") (param i32 i32) (i32.atomic.store (local.get 0) (local.get 1)))
  (func (export "size") (result i32) (memory.size))
  (func (export "notify-until") (param i32 i32) (result i32) (local $woken i32)
    (loop $again
      (local.set $woken (i32.add (local.get $woken)
        (memory.atomic.notify (local.get 0) (local.get 1))))
      (br_if $again (i32.lt_u (local.get $woken) (local.get 1))))
    (local.get $woken)))
(assert_return (invoke $Check "load" (i32.const 0)) (i32.const 100000))
;; 50000 steps up in a byte and down in the two bytes beside it: 0x50 at 9, -50000 at 10
(assert_return (invoke $Check "load" (i32.const 8)) (i32.const 0x3CB0_5000))

;; Two threads wait, and both are woken: the result is 0, "ok".

(thread $W1 (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 10 shared)
    (func (export "run") (result i32)
      (memory.atomic.wait32 (i32.const 64) (i32.const 0) (i64.const -1))))
  (assert_return (invoke "run") (i32.const 0)))
(thread $W2 (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 10 shared)
    (func (export "run") (result i32)
      (memory.atomic.wait64 (i32.const 64) (i64.const 0) (i64.const 30_000_000_000))))
  (assert_return (invoke "run") (i32.const 0)))
(assert_return (invoke $Check "notify-until" (i32.const 64) (i32.const 2)) (i32.const 2))
(wait $W1)
(wait $W2)

;; One notification wakes no more than asked, and none who waits elsewhere.

(thread $W3 (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 10 shared)
    (func (export "run") (result i32)
      (memory.atomic.wait32 (i32.const 72) (i32.const 0) (i64.const 20_000_000))))
  ;; nobody wakes it: 2, "timed out"
  (assert_return (invoke "run") (i32.const 2)))
(wait $W3)

;; Growth is seen by the others, and what they hold stays.

(thread $G (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 10 shared)
    (func (export "run") (result i32) (local $i i32)
      (loop $l
        (drop (memory.grow (i32.const 1)))
        (i32.atomic.store (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 4)) (memory.size))
        (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 9))))
      (i32.atomic.store (i32.const 128) (i32.const 1))
      (memory.size)))
  (assert_return (invoke "run") (i32.const 10)))
(thread $R (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 10 shared)
    (func (export "run") (result i32)
      ;; Goes on reading and adding while the memory grows.
      (loop $l
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        (drop (i32.atomic.rmw.sub (i32.const 0) (i32.const 1)))
        (br_if $l (i32.eqz (i32.atomic.load (i32.const 128)))))
      (i32.atomic.load (i32.const 0))))
  (assert_return (invoke "run") (i32.const 100000)))
(wait $G)
(wait $R)
(assert_return (invoke $Check "size") (i32.const 10))
(assert_return (invoke $Check "load" (i32.const 131068)) (i32.const 2))
(assert_return (invoke $Check "load" (i32.const 655356)) (i32.const 10))
(assert_trap (invoke $Check "load" (i32.const 655360)) "out of bounds memory access")

;; A message is passed: what was written before an atomic store is seen after the atomic load.

(thread $Writer (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 10 shared)
    (func (export "run") (local $i i32)
      (loop $l
        (i32.store (i32.add (i32.const 1024) (i32.shl (local.get $i) (i32.const 2))) (local.get $i))
        (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000))))
      (i32.atomic.store (i32.const 256) (i32.const 1))
      (drop (memory.atomic.notify (i32.const 256) (i32.const 1)))))
  (invoke "run"))
(thread $Reader (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 10 shared)
    (func (export "run") (result i32) (local $i i32) (local $sum i32)
      (drop (memory.atomic.wait32 (i32.const 256) (i32.const 0) (i64.const -1)))
      (loop $wait (br_if $wait (i32.eqz (i32.atomic.load (i32.const 256)))))
      (loop $l
        (local.set $sum (i32.add (local.get $sum)
          (i32.load (i32.add (i32.const 1024) (i32.shl (local.get $i) (i32.const 2))))))
        (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000))))
      (local.get $sum)))
  (assert_return (invoke "run") (i32.const 499500)))
(wait $Writer)
(wait $Reader)
