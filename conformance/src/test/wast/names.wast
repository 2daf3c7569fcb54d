;; Custom sections and the name section, in text and in binary.

(module $named
  (func $f (param $p i32) (result i32) (local $l i64)
    (block $b (br $b)) (local.get $p))
  (func (@name "a better name") (export "g") (result i32) (call $f (i32.const 3))))
(assert_return (invoke "g") (i32.const 3))

(module (@name "module by annotation")
  (func (export "run") (result i32) (i32.const 1)))
(assert_return (invoke "run") (i32.const 1))

(module
  (@custom "first" (before first) "abc")
  (@custom "second" (after last) "\00\ff" "more")
  (@custom "third" (after func))
  (func (export "run") (result i32) (i32.const 2)))
(assert_return (invoke "run") (i32.const 2))

;; A name section that is wrong does no harm to the module.
(module binary "\00asm\01\00\00\00"
  "\00\05\04name"                            ;; empty
  "\00\08\04name\01\01\05")                  ;; announces five names, has none
(module binary "\00asm\01\00\00\00"
  "\00\0a\04name\7f\03abc"                   ;; an unknown subsection
  "\00\0b\04name\00\04\03\ff\fe\fd")         ;; no UTF-8
(module binary "\00asm\01\00\00\00"
  "\00\03\02hi" "\01\04\01\60\00\00" "\00\04\02hi!" "\03\02\01\00" "\00\01\00" "\0a\04\01\02\00\0b")

;; But a custom section's own name must be one.
(assert_malformed (module binary "\00asm\01\00\00\00" "\00\00") "unexpected end")
(assert_malformed (module binary "\00asm\01\00\00\00" "\00\01\05") "")
(assert_malformed (module binary "\00asm\01\00\00\00" "\00\02\01\ff") "malformed UTF-8 encoding")
(assert_malformed (module binary "\00asm\01\00\00\00" "\00\05\04nam") "length out of bounds")
