;; The next revision of hello-function.wat. It answers each request with a header, an empty line and a text.
(module
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "Content-Type: text/plain\n\nHello again, upgraded!\n")
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 16)) ;; where the text lies
    (i32.store (i32.const 4) (i32.const 49)) ;; and how long it is
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
