;; Memories whose pages are single bytes. No public suite covers them here, so this file does: what
;; may be declared, growth, the borders of access, bulk operations, data, linking, and the binary form.

;; Declarations

(module (memory 0 (pagesize 1)))
(module (memory 0 0 (pagesize 1)))
(module (memory 3 7 (pagesize 1)))
(module (memory 1 2 (pagesize 65536)))
(module (memory 1 2 (pagesize 0x1_0000)))
(module (memory $named 1 2 (pagesize 1)))
(module (memory i64 1 2 (pagesize 1)))
(module (memory 1 2 shared (pagesize 1)))
(module (memory (export "m") 1 (pagesize 1)))
(module definition (memory 0xFFFF_FFFF (pagesize 1)))
(module definition (memory 0 0xFFFF_FFFF (pagesize 1)))
(module definition (memory i64 0 0xFFFF_FFFF_FFFF_FFFF (pagesize 1)))

(assert_malformed (module quote "(memory 0 (pagesize 0))") "invalid custom page size")
(assert_malformed (module quote "(memory 0 (pagesize 3))") "invalid custom page size")
(assert_malformed (module quote "(memory 0 (pagesize 65535))") "invalid custom page size")
(assert_malformed (module quote "(memory 0 (pagesize))") "")
(assert_malformed (module quote "(memory 0 (pagesize 1 1))") "")
(assert_malformed (module quote "(memory (pagesize 1) 0)") "")
(assert_malformed (module quote "(memory 0 (pagesize -1))") "")
(assert_malformed (module quote "(table 0 (pagesize 1) funcref)") "")
(assert_invalid (module (memory 0 (pagesize 2))) "invalid custom page size")
(assert_invalid (module (memory 0 (pagesize 256))) "invalid custom page size")
(assert_invalid (module (memory 0 (pagesize 4096))) "invalid custom page size")
(assert_invalid (module (memory 0 (pagesize 32768))) "invalid custom page size")
(assert_invalid (module (memory 0 (pagesize 131072))) "invalid custom page size")
(assert_invalid (module (memory 0 (pagesize 0x8000_0000_0000_0000))) "invalid custom page size")
(assert_invalid (module (memory 2 1 (pagesize 1))) "size minimum must not be greater than maximum")
(assert_invalid (module (memory 0x1_0000_0001 (pagesize 1))) "memory size must be at most")
(assert_invalid (module (memory 0 0x1_0000_0001 (pagesize 1))) "memory size must be at most")
(assert_invalid (module (memory 65537 (pagesize 65536))) "memory size must be at most")
(assert_invalid (module (memory 1 shared (pagesize 1))) "shared memory must have maximum")

;; Growth counts bytes

(module
  (memory 0 (pagesize 1))
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "load8") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "load16") (param i32) (result i32) (i32.load16_u (local.get 0)))
  (func (export "load32") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "load64") (param i32) (result i64) (i64.load (local.get 0)))
  (func (export "store8") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))
  (func (export "store32") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
  (func (export "store64") (param i32 i64) (i64.store (local.get 0) (local.get 1)))
  (func (export "load8+1") (param i32) (result i32) (i32.load8_u offset=1 (local.get 0)))
  (func (export "load8+max") (param i32) (result i32)
    (i32.load8_u offset=0xFFFF_FFFF (local.get 0)))
  (func (export "fill") (param i32 i32 i32)
    (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func (export "copy") (param i32 i32 i32)
    (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func (export "grow-by-one") (param $n i32) (result i32)
    (loop $again
      (drop (memory.grow (i32.const 1)))
      (i32.store8 (i32.sub (memory.size) (i32.const 1)) (memory.size))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (memory.size)))

(assert_return (invoke "size") (i32.const 0))
(assert_trap (invoke "load8" (i32.const 0)) "out of bounds memory access")
(assert_return (invoke "fill" (i32.const 0) (i32.const 1) (i32.const 0)))
(assert_trap (invoke "fill" (i32.const 0) (i32.const 1) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "fill" (i32.const 1) (i32.const 1) (i32.const 0)) "out of bounds memory access")
(assert_return (invoke "grow" (i32.const 0)) (i32.const 0))
(assert_return (invoke "grow" (i32.const 1)) (i32.const 0))
(assert_return (invoke "size") (i32.const 1))
(assert_return (invoke "load8" (i32.const 0)) (i32.const 0))
(assert_trap (invoke "load8" (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "load8" (i32.const -1)) "out of bounds memory access")
(assert_trap (invoke "load8+1" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "load8+1" (i32.const -1)) "out of bounds memory access")
(assert_trap (invoke "load8+max" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "load8+max" (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "load16" (i32.const 0)) "out of bounds memory access")
(assert_return (invoke "store8" (i32.const 0) (i32.const 0xAB)))
(assert_trap (invoke "store8" (i32.const 1) (i32.const 0)) "out of bounds memory access")

;; What was there stays, what is new is zero.
(assert_return (invoke "grow" (i32.const 1)) (i32.const 1))
(assert_return (invoke "load16" (i32.const 0)) (i32.const 0x00AB))
(assert_trap (invoke "load16" (i32.const 1)) "out of bounds memory access")
(assert_return (invoke "grow" (i32.const 5)) (i32.const 2))
(assert_return (invoke "size") (i32.const 7))
(assert_return (invoke "load32" (i32.const 3)) (i32.const 0))
(assert_trap (invoke "load32" (i32.const 4)) "out of bounds memory access")
(assert_trap (invoke "load64" (i32.const 0)) "out of bounds memory access")
(assert_return (invoke "grow" (i32.const 1)) (i32.const 7))
(assert_return (invoke "load64" (i32.const 0)) (i64.const 0xAB))
(assert_trap (invoke "load64" (i32.const 1)) "out of bounds memory access")

;; A store that does not fit whole changes nothing.
(assert_trap (invoke "store64" (i32.const 1) (i64.const -1)) "out of bounds memory access")
(assert_trap (invoke "store32" (i32.const 5) (i32.const -1)) "out of bounds memory access")
(assert_return (invoke "load64" (i32.const 0)) (i64.const 0xAB))
(assert_return (invoke "store32" (i32.const 4) (i32.const -1)))
(assert_return (invoke "load64" (i32.const 0)) (i64.const 0xFFFF_FFFF_0000_00AB))
(assert_return (invoke "copy" (i32.const 1) (i32.const 0) (i32.const 7)))
(assert_return (invoke "load64" (i32.const 0)) (i64.const 0xFFFF_FF00_0000_ABAB))
(assert_trap (invoke "copy" (i32.const 1) (i32.const 0) (i32.const 8)) "out of bounds memory access")
(assert_trap (invoke "copy" (i32.const 0) (i32.const 1) (i32.const 8)) "out of bounds memory access")
(assert_return (invoke "fill" (i32.const 8) (i32.const 1) (i32.const 0)))
(assert_return (invoke "fill" (i32.const 2) (i32.const 7) (i32.const 6)))
(assert_return (invoke "load64" (i32.const 0)) (i64.const 0x0707_0707_0707_ABAB))

;; Many small steps; the sizes pass 64 KiB, which is no border here.
(assert_return (invoke "grow-by-one" (i32.const 70000)) (i32.const 70008))
(assert_return (invoke "load8" (i32.const 65535)) (i32.const 0))
(assert_return (invoke "load8" (i32.const 65536)) (i32.const 1))
(assert_return (invoke "load8" (i32.const 70007)) (i32.const 0x78))
(assert_trap (invoke "load8" (i32.const 70008)) "out of bounds memory access")
(assert_return (invoke "grow" (i32.const -1)) (i32.const -1))
(assert_return (invoke "size") (i32.const 70008))

;; A maximum in bytes

(module
  (memory 3 5 (pagesize 1))
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
(assert_return (invoke "grow" (i32.const 3)) (i32.const -1))
(assert_return (invoke "size") (i32.const 3))
(assert_return (invoke "grow" (i32.const 2)) (i32.const 3))
(assert_return (invoke "grow" (i32.const 1)) (i32.const -1))
(assert_return (invoke "grow" (i32.const 0)) (i32.const 5))

;; The ordinary page size may be written out, and is the same as none.

(module
  (memory 1 2 (pagesize 65536))
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func (export "last") (result i32) (i32.load8_u (i32.const 0x1FFFF))))
(assert_return (invoke "size") (i32.const 1))
(assert_trap (invoke "last") "out of bounds memory access")
(assert_return (invoke "grow") (i32.const 1))
(assert_return (invoke "last") (i32.const 0))
(assert_return (invoke "grow") (i32.const -1))

;; Data

(module
  (memory (pagesize 1) (data "abcde"))
  (data $passive "xyz")
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func (export "at") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "init") (param i32 i32 i32)
    (memory.init $passive (local.get 0) (local.get 1) (local.get 2))))
(assert_return (invoke "size") (i32.const 5))
(assert_return (invoke "grow") (i32.const -1))
(assert_return (invoke "at" (i32.const 4)) (i32.const 0x65))
(assert_trap (invoke "at" (i32.const 5)) "out of bounds memory access")
(assert_return (invoke "init" (i32.const 2) (i32.const 0) (i32.const 3)))
(assert_return (invoke "at" (i32.const 4)) (i32.const 0x7A))
(assert_trap (invoke "init" (i32.const 3) (i32.const 0) (i32.const 3)) "out of bounds memory access")
(assert_return (invoke "at" (i32.const 3)) (i32.const 0x79))

(module (memory 5 (pagesize 1)) (data (i32.const 0) "abcde"))
(module (memory 5 (pagesize 1)) (data (i32.const 5) ""))
(assert_trap (module (memory 5 (pagesize 1)) (data (i32.const 1) "abcde")) "out of bounds memory access")
(assert_trap (module (memory 5 (pagesize 1)) (data (i32.const 6) "")) "out of bounds memory access")
(module (memory (pagesize 65536) (data "abcde")) (func (export "size") (result i32) (memory.size)))
(assert_return (invoke "size") (i32.const 1))

;; Several memories of both sorts

(module
  (memory $bytes 10 (pagesize 1))
  (memory $pages 1)
  (data (memory $bytes) (i32.const 6) "wasm")
  (func (export "sizes") (result i32 i32) (memory.size $bytes) (memory.size $pages))
  (func (export "grow") (result i32 i32)
    (memory.grow $bytes (i32.const 6)) (memory.grow $pages (i32.const 1)))
  (func (export "to-pages") (memory.copy $pages $bytes (i32.const 65532) (i32.const 6) (i32.const 4)))
  (func (export "to-bytes") (param i32)
    (memory.copy $bytes $pages (local.get 0) (i32.const 65532) (i32.const 4)))
  (func (export "bytes") (param i32) (result i32) (i32.load $bytes (local.get 0)))
  (func (export "pages") (param i32) (result i32) (i32.load $pages (local.get 0))))
(assert_return (invoke "sizes") (i32.const 10) (i32.const 1))
(assert_return (invoke "to-pages"))
(assert_return (invoke "pages" (i32.const 65532)) (i32.const 0x6D736177))
(assert_trap (invoke "to-bytes" (i32.const 7)) "out of bounds memory access")
(assert_return (invoke "to-bytes" (i32.const 0)))
(assert_return (invoke "bytes" (i32.const 0)) (i32.const 0x6D736177))
(assert_trap (invoke "bytes" (i32.const 7)) "out of bounds memory access")
(assert_return (invoke "grow") (i32.const 10) (i32.const 1))
(assert_return (invoke "bytes" (i32.const 12)) (i32.const 0))
(assert_trap (invoke "bytes" (i32.const 13)) "out of bounds memory access")
(assert_trap (invoke "pages" (i32.const 0x1FFFD)) "out of bounds memory access")

;; 64-bit addresses, shared memories, vectors

(module
  (memory i64 17 40 (pagesize 1))
  (func (export "size") (result i64) (memory.size))
  (func (export "grow") (param i64) (result i64) (memory.grow (local.get 0)))
  (func (export "vector") (param i64) (result v128) (v128.load offset=1 (local.get 0)))
  (func (export "set") (param i64) (v128.store (local.get 0) (v128.const i8x16 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16))))
(assert_return (invoke "size") (i64.const 17))
(assert_return (invoke "set" (i64.const 1)))
(assert_trap (invoke "set" (i64.const 2)) "out of bounds memory access")
(assert_return (invoke "vector" (i64.const 0)) (v128.const i8x16 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16))
(assert_trap (invoke "vector" (i64.const 1)) "out of bounds memory access")
(assert_trap (invoke "vector" (i64.const -1)) "out of bounds memory access")
(assert_return (invoke "grow" (i64.const 24)) (i64.const -1))
(assert_return (invoke "grow" (i64.const 0x1_0000_0000)) (i64.const -1))
(assert_return (invoke "grow" (i64.const -1)) (i64.const -1))
(assert_return (invoke "grow" (i64.const 1)) (i64.const 17))
(assert_return (invoke "vector" (i64.const 1)) (v128.const i8x16 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 0))

(module
  (memory 6 9 shared (pagesize 1))
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "add") (param i32) (result i32) (i32.atomic.rmw.add (local.get 0) (i32.const 1)))
  (func (export "add16") (param i32) (result i32) (i32.atomic.rmw16.add_u (local.get 0) (i32.const 1))))
(assert_return (invoke "add" (i32.const 0)) (i32.const 0))
(assert_return (invoke "add" (i32.const 0)) (i32.const 1))
(assert_trap (invoke "add" (i32.const 4)) "out of bounds memory access")
(assert_trap (invoke "add" (i32.const 2)) "unaligned atomic")
(assert_return (invoke "add16" (i32.const 4)) (i32.const 0))
(assert_trap (invoke "add16" (i32.const 6)) "out of bounds memory access")
(assert_return (invoke "grow" (i32.const 2)) (i32.const 6))
(assert_return (invoke "add16" (i32.const 6)) (i32.const 0))
(assert_return (invoke "add" (i32.const 4)) (i32.const 0x1_0001))
(assert_return (invoke "grow" (i32.const 2)) (i32.const -1))
(assert_return (invoke "size") (i32.const 8))

;; Linking: page sizes must be equal, whatever the sizes in bytes.

(module $small
  (memory (export "bytes") 65536 65536 (pagesize 1))
  (memory (export "pages") 1 1)
  (func (export "poke") (i32.store8 (i32.const 65535) (i32.const 42))))
(register "small" $small)
(module
  (import "small" "bytes" (memory 65536 65536 (pagesize 1)))
  (func (export "peek") (result i32) (i32.load8_u (i32.const 65535))))
(invoke $small "poke")
(assert_return (invoke "peek") (i32.const 42))
(module (import "small" "bytes" (memory 1 (pagesize 1))))
(module (import "small" "pages" (memory 1 (pagesize 65536))))
(assert_unlinkable (module (import "small" "bytes" (memory 1))) "incompatible import type")
(assert_unlinkable (module (import "small" "bytes" (memory 0 (pagesize 65536)))) "incompatible import type")
(assert_unlinkable (module (import "small" "pages" (memory 0 (pagesize 1)))) "incompatible import type")
(assert_unlinkable (module (import "small" "bytes" (memory 65537 (pagesize 1)))) "incompatible import type")
(assert_unlinkable (module (import "small" "bytes" (memory 0 65535 (pagesize 1)))) "incompatible import type")
(assert_unlinkable (module (import "spectest" "memory" (memory 1 (pagesize 1)))) "incompatible import type")

;; The binary form: a bit of the flags, and the exponent behind the limits.

(module binary "\00asm\01\00\00\00" "\05\04\01\08\05\00"
  "\07\05\01\01\6d\02\00") ;; memory 5 (pagesize 1), exported
(register "binary")
(module (import "binary" "m" (memory 5 (pagesize 1))))
(module binary "\00asm\01\00\00\00" "\05\05\01\09\05\06\00")   ;; with maximum
(module binary "\00asm\01\00\00\00" "\05\05\01\0b\05\06\00")   ;; shared
(module binary "\00asm\01\00\00\00" "\05\04\01\0c\05\00")      ;; i64
(module binary "\00asm\01\00\00\00" "\05\05\01\0d\05\06\00")   ;; i64 with maximum
(module binary "\00asm\01\00\00\00" "\05\04\01\08\01\10")      ;; 2^16
(module binary "\00asm\01\00\00\00" "\05\05\01\08\01\90\00")   ;; 2^16, written longer
(assert_invalid (module binary "\00asm\01\00\00\00" "\05\04\01\08\01\01") "invalid custom page size")
(assert_invalid (module binary "\00asm\01\00\00\00" "\05\04\01\08\01\0f") "invalid custom page size")
(assert_invalid (module binary "\00asm\01\00\00\00" "\05\04\01\08\01\11") "invalid custom page size")
(assert_invalid (module binary "\00asm\01\00\00\00" "\05\04\01\08\01\3f") "invalid custom page size")
(assert_malformed (module binary "\00asm\01\00\00\00" "\05\04\01\08\01\40") "invalid custom page size")
(assert_malformed (module binary "\00asm\01\00\00\00" "\05\04\01\08\01\41") "invalid custom page size")
(assert_malformed
  (module binary "\00asm\01\00\00\00" "\05\08\01\08\01\ff\ff\ff\ff\0f") "invalid custom page size")
(assert_malformed (module binary "\00asm\01\00\00\00" "\05\03\01\08\01") "unexpected end")
(assert_malformed (module binary "\00asm\01\00\00\00" "\05\04\01\10\01\00") "malformed limits flags")
(assert_malformed (module binary "\00asm\01\00\00\00" "\04\05\01\70\08\01\00") "malformed limits flags")
