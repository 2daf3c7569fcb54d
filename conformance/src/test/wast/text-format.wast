;; The text format: abbreviations, folded and plain instructions, identifiers, strings, comments,
;; annotations, numbers, and what is no module.

(module $abbreviations
  (func $f (export "a") (export "b") (param $x i32) (param i32 i32) (result i32) (local $y i32)
    local.get $x
    local.get 1
    i32.add
    local.tee $y
    (i32.mul (local.get 2)))
  (memory (export "mem") (data "abc" "\64\u{65}" "\u{1F600}"))
  (table (export "tab") funcref (elem $f $f))
  (global $g (export "glob") (mut i64) (i64.const -9_223_372_036_854_775_808))
  (func (export "size") (result i32) (table.size 0))
  (func (export "byte") (param i32) (result i32) i32.const 0 local.get 0 i32.add i32.load8_u offset=0x1)
  (func (export "if-plain") (param i32) (result i32)
    local.get 0
    if $label (result i32)
      i32.const 1
      br $label
    else $label
      i32.const 2
    end $label)
  (func (export "inline-type") (param f64) (result f64) (call_indirect (param f64) (result f64) (local.get 0) (i32.const 2)))
  (func $square (param f64) (result f64) (f64.mul (local.get 0) (local.get 0)))
  (elem (table 0) (offset (i32.const 1)) func $square))
(assert_return (invoke "a" (i32.const 2) (i32.const 3) (i32.const 4)) (i32.const 20))
(assert_return (invoke "b" (i32.const 2) (i32.const 3) (i32.const 5)) (i32.const 25))
(assert_return (invoke "size") (i32.const 2))
(assert_return (invoke "byte" (i32.const 3)) (i32.const 0x65))
(assert_return (invoke "byte" (i32.const 4)) (i32.const 0xF0))
(assert_return (invoke "byte" (i32.const 7)) (i32.const 0x80))
(assert_return (invoke "if-plain" (i32.const 5)) (i32.const 1))
(assert_return (invoke "if-plain" (i32.const 0)) (i32.const 2))
(assert_trap (invoke "inline-type" (f64.const 3)) "undefined element")
(assert_return (get "glob") (i64.const 0x8000_0000_0000_0000))

;; Fields may stand in any order after imports, identifiers may be strings, comments may nest.

(module
  (import "spectest" "global_i32" (global $imported i32))
  (start $main)
  (export "answer" (global $answer))
  (func $main (global.set $answer (call $"with spaces \u{20ac}" (i32.const 20))))
  (; a comment (; inside ;) another ;)
  (func $"with spaces \u{20ac}" (type $t) (i32.add (local.get 0) (i32.const 22)) ;; until the end of the line
  )
  (@custom-annotation (with "anything" 1 2 (nested)) ;; ignored
  )
  (global $answer (mut i32) (i32.const 0))
  (type $t (func (param i32) (result i32))))
(assert_return (get "answer") (i32.const 42))

;; A type use finds or adds the type; names of parameters belong to the function.

(module
  (type $same (func (param i32) (result i32)))
  (func $one (param $a i32) (result i32) (local.get $a))
  (func $two (type $same) (local.get 0))
  (func $three (type $same) (param $b i32) (result i32) (local.get $b))
  (table funcref (elem $one $two $three))
  (func (export "call") (param i32) (result i32)
    (call_indirect (type $same) (i32.const 5) (local.get 0))))
(assert_return (invoke "call" (i32.const 0)) (i32.const 5))
(assert_return (invoke "call" (i32.const 1)) (i32.const 5))
(assert_return (invoke "call" (i32.const 2)) (i32.const 5))

;; Labels shadow, and count from the inside.

(module
  (func (export "shadow") (result i32)
    (block $l (result i32)
      (i32.add (i32.const 1) (block $l (result i32) (br $l (i32.const 10))))))
  (func (export "outer") (result i32)
    (block $o (result i32)
      (drop (block $l (result i32) (br $o (i32.const 10))))
      (i32.const 1))))
(assert_return (invoke "shadow") (i32.const 11))
(assert_return (invoke "outer") (i32.const 10))

;; Exports with any name that is UTF-8; the empty one too.

(module
  (func (export "") (result i32) (i32.const 1))
  (func (export "\00\n\t\"\\") (result i32) (i32.const 2))
  (func (export "\e2\82\ac") (result i32) (i32.const 3))
  (func (export "a b") (result i32) (i32.const 4)))
(assert_return (invoke "") (i32.const 1))
(assert_return (invoke "\00\0a\09\22\5c") (i32.const 2))
(assert_return (invoke "€") (i32.const 3))
(assert_return (invoke "a b") (i32.const 4))

(module quote "(func (export \"quoted\") (result i32)" " (i32.const " "7))")
(assert_return (invoke "quoted") (i32.const 7))

;; What is wrong, and is said to be so

(assert_malformed (module quote "(func (i32.cons 1))") "unknown operator")
(assert_malformed (module quote "(func (local.get $x))") "unknown local")
(assert_malformed (module quote "(func (call $x))") "unknown function")
(assert_malformed (module quote "(func (br $x))") "unknown label")
(assert_malformed (module quote "(func (global.get $x))") "unknown global")
(assert_malformed (module quote "(func (type $x))") "unknown type")
(assert_malformed (module quote "(memory 1) (func (i32.load $x (i32.const 0)))") "unknown memory")
(assert_malformed (module quote "(func $f) (func $f)") "duplicate func")
(assert_malformed (module quote "(func (param $x i32) (local $x i32))") "duplicate local")
(assert_malformed (module quote "(global $g i32 (i32.const 0)) (global $g i32 (i32.const 0))") "duplicate global")
(assert_malformed (module quote "(func) (import \"\" \"\" (func))") "import after function")
(assert_malformed (module quote "(memory 1) (import \"\" \"\" (func))") "import after memory")
(assert_malformed (module quote "(func (result i32) (param i32))") "unexpected token")
(assert_malformed (module quote "(func block $a end $b)") "mismatching label")
(assert_malformed (module quote "(func (i32.const 0x1_0000_0000) drop)") "constant out of range")
(assert_malformed (module quote "(func (i32.const -0x8000_0001) drop)") "constant out of range")
(assert_malformed (module quote "(func (i64.const 18446744073709551616) drop)") "constant out of range")
(assert_malformed (module quote "(func (i32.const 1__0) drop)") "unknown operator")
(assert_malformed (module quote "(func (i32.const _1) drop)") "unknown operator")
(assert_malformed (module quote "(func (i32.const 1.0) drop)") "unexpected token")
(assert_malformed (module quote "(func (i32.const) drop)") "unexpected token")
(assert_malformed (module quote "(func nop") "unexpected token")
(assert_malformed (module quote "(func))") "unexpected token")
(assert_malformed (module quote "(func (export \"a") "unclosed string")
(assert_malformed (module quote "(; never closed") "unclosed comment")
(assert_malformed (module quote "(func (export \"\\q\"))") "illegal escape")
(assert_malformed (module quote "(func (export \"\\u{110000}\"))") "illegal escape")
(assert_malformed (module quote "(func (export \"\\u{d800}\"))") "illegal escape")
(assert_malformed (module quote "(func (export \"\\ff\"))") "malformed UTF-8 encoding")
(assert_malformed (module quote "(func else)") "unexpected token")
(assert_malformed (module quote "(func end)") "unexpected token")
(assert_malformed (module quote "(type (func (param i32 $x)))") "")
(assert_malformed (module quote "(func (i32.load align=0 (i32.const 0)))") "alignment must be a power of two")
(assert_malformed (module quote "(func (if (i32.const 1) (else)))") "unexpected token")
(assert_malformed (module quote "(type $t (func)) (func (type $t) (param i32))") "inline function type")
(assert_malformed (module quote "(start 0) (func) (start 0)") "multiple start sections")

(assert_invalid (module (export "a" (func 0))) "unknown function")
(assert_invalid (module (func (export "a")) (func (export "a"))) "duplicate export name")
(assert_invalid (module (func (param i32)) (start 0)) "start function")
(assert_invalid (module (start 0)) "unknown function")
(assert_invalid (module (func (type 0) (drop (i32.const 0)) (i32.const 0))) "")
