;; A program as for a device: no WASI, but the C library that its host has built in.
(module $device
  (import "env" "printf" (func $printf (param $format i32) (param $arguments i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "%d: %-8s|\n")

  (func (export "main") (param $argc i32) (param $argv i32) (result i32)
    (local $i i32)
    (loop $next
      ;; variable arguments lie in memory, one after the other
      (i32.store (i32.const 16) (local.get $i))
      (i32.store (i32.const 20)
        (i32.load (i32.add (local.get $argv) (i32.shl (local.get $i) (i32.const 2)))))
      (drop (call $printf (i32.const 64) (i32.const 16)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (local.get $argc))))
    (i32.const 0)))
