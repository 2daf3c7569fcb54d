;; Several modules at once: what they share, what they must not, and types at the border.

(module $Counter
  (global $n (export "n") (mut i32) (i32.const 0))
  (global (export "seven") i32 (i32.const 7))
  (memory (export "memory") 1 3)
  (table (export "table") 4 8 funcref)
  (func (export "up") (result i32)
    (global.set $n (i32.add (global.get $n) (i32.const 1)))
    (global.get $n))
  (func (export "peek") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "call") (param i32) (result i32) (call_indirect (result i32) (local.get 0)))
  (func (export "pages") (result i32) (memory.size)))
(register "counter" $Counter)

(module $User
  (import "counter" "n" (global $n (mut i32)))
  (import "counter" "seven" (global $seven i32))
  (import "counter" "memory" (memory 1))
  (import "counter" "table" (table 4 funcref))
  (import "counter" "up" (func $up (result i32)))
  (global $own i32 (i32.add (global.get $seven) (i32.const 1)))
  (global $two (mut i32) (i32.const 2))
  (data (i32.const 10) "\2a")
  (elem (i32.const 1) $up $private)
  (func $private (result i32) (i32.add (global.get $two) (global.get $own)))
  (func (export "up-twice") (result i32) (drop (call $up)) (call $up))
  (func (export "reset") (global.set $n (i32.const 100)))
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func (export "call") (param i32) (result i32) (call_indirect (result i32) (local.get 0)))
  (export "up" (func $up)))

(assert_return (invoke $Counter "up") (i32.const 1))
(assert_return (invoke $User "up-twice") (i32.const 3))
(assert_return (get $Counter "n") (i32.const 3))
(assert_return (invoke $User "reset"))
(assert_return (invoke $Counter "up") (i32.const 101))
(assert_return (invoke $User "up") (i32.const 102))
(assert_return (invoke $Counter "peek" (i32.const 10)) (i32.const 42))
;; A function in a table runs in the instance it came from.
(assert_return (invoke $Counter "call" (i32.const 2)) (i32.const 10))
(assert_return (invoke $Counter "call" (i32.const 1)) (i32.const 103))
(assert_return (invoke $User "call" (i32.const 1)) (i32.const 104))
(assert_trap (invoke $Counter "call" (i32.const 0)) "uninitialized element")
(assert_return (invoke $User "grow") (i32.const 1))
(assert_return (invoke $Counter "pages") (i32.const 2))

;; Each instance of a module has its own state.

(module definition $Def
  (global $g (mut i32) (i32.const 0))
  (func (export "next") (result i32)
    (global.set $g (i32.add (global.get $g) (i32.const 1))) (global.get $g)))
(module instance $I1 $Def)
(module instance $I2 $Def)
(assert_return (invoke $I1 "next") (i32.const 1))
(assert_return (invoke $I1 "next") (i32.const 2))
(assert_return (invoke $I2 "next") (i32.const 1))

;; What does not fit

(assert_unlinkable (module (import "counter" "nothing" (func))) "unknown import")
(assert_unlinkable (module (import "nobody" "up" (func (result i32)))) "unknown import")
(assert_unlinkable (module (import "counter" "up" (func))) "incompatible import type")
(assert_unlinkable (module (import "counter" "up" (func (param i32) (result i32)))) "incompatible import type")
(assert_unlinkable (module (import "counter" "up" (global i32))) "incompatible import type")
(assert_unlinkable (module (import "counter" "n" (global i32))) "incompatible import type")
(assert_unlinkable (module (import "counter" "seven" (global (mut i32)))) "incompatible import type")
(assert_unlinkable (module (import "counter" "seven" (global i64))) "incompatible import type")
(assert_unlinkable (module (import "counter" "memory" (memory 3))) "incompatible import type")
(assert_unlinkable (module (import "counter" "memory" (memory 1 2))) "incompatible import type")
(assert_unlinkable (module (import "counter" "memory" (memory 1 3 shared))) "incompatible import type")
(assert_unlinkable (module (import "counter" "table" (table 5 funcref))) "incompatible import type")
(assert_unlinkable (module (import "counter" "table" (table 4 7 funcref))) "incompatible import type")
(assert_unlinkable (module (import "counter" "table" (table 4 externref))) "incompatible import type")
;; The memory has grown: what counts is its size now.
(module (import "counter" "memory" (memory 2)))
(module (import "counter" "memory" (memory 2 3)))

;; Nothing of a module that cannot be linked has happened.
(assert_unlinkable
  (module
    (import "counter" "memory" (memory 1))
    (import "counter" "nothing" (func))
    (data (i32.const 10) "\ff"))
  "unknown import")
(assert_return (invoke $Counter "peek" (i32.const 10)) (i32.const 42))

;; A start function runs once, after segments; a trap in it leaves what it did to others.
(module $Started
  (import "counter" "memory" (memory 1))
  (data (i32.const 20) "\05")
  (func $start (i32.store8 (i32.const 20) (i32.add (i32.load8_u (i32.const 20)) (i32.const 1))))
  (start $start))
(assert_return (invoke $Counter "peek" (i32.const 20)) (i32.const 6))
(assert_trap
  (module
    (import "counter" "memory" (memory 1))
    (import "counter" "table" (table 4 funcref))
    (elem (i32.const 3) $left)
    (func $left (result i32) (i32.const 55))
    (func $start (i32.store8 (i32.const 20) (i32.const 9)) (unreachable))
    (start $start))
  "unreachable")
(assert_return (invoke $Counter "peek" (i32.const 20)) (i32.const 9))
(assert_return (invoke $Counter "call" (i32.const 3)) (i32.const 55))

;; Functions may be more special than the import asks for.
(module $Special
  (type $f (func (param anyref) (result i31ref)))
  (type $open (sub (func (result anyref))))
  (type $narrow (sub $open (func (result i31ref))))
  (func (export "narrow") (type $narrow) (ref.i31 (i32.const 3)))
  (func (export "open") (type $open) (ref.null any))
  (func (export "final") (result i31ref) (ref.i31 (i32.const 4)))
  (global (export "g") (ref i31) (ref.i31 (i32.const 1)))
  (global (export "m") (mut i31ref) (ref.i31 (i32.const 1))))
(register "special" $Special)
(module
  (type $open (sub (func (result anyref))))
  (import "special" "narrow" (func $f (type $open)))
  (import "special" "g" (global anyref))
  (func (export "run") (result i32) (i31.get_s (ref.cast (ref i31) (call $f)))))
(assert_unlinkable
  (module (type $open (sub (func (result anyref)))) (type $narrow (sub $open (func (result i31ref))))
    (import "special" "open" (func (type $narrow))))
  "incompatible import type")
(assert_unlinkable (module (import "special" "final" (func (result anyref)))) "incompatible import type")
(assert_unlinkable (module (import "special" "m" (global (mut anyref)))) "incompatible import type")

;; What the host offers
(module
  (import "spectest" "print_i32" (func $print (param i32)))
  (import "spectest" "global_i64" (global $g i64))
  (import "spectest" "table" (table 10 funcref))
  (import "spectest" "memory" (memory 1 2))
  (func (export "run") (result i64) (call $print (i32.const 5)) (global.get $g))
  (elem (i32.const 9) $print)
  (func (export "indirect") (call_indirect (param i32) (i32.const 1) (i32.const 9))))
(assert_return (invoke "run") (i64.const 666))
(assert_return (invoke "indirect"))
