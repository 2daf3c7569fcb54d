;; The binary format: order and sizes of sections, numbers that are too long, counts that lie.

(module binary "\00asm" "\01\00\00\00")
(assert_malformed (module binary "") "unexpected end")
(assert_malformed (module binary "\00as") "unexpected end")
(assert_malformed (module binary "\00asn" "\01\00\00\00") "magic header not detected")
(assert_malformed (module binary "\00asm") "unexpected end")
(assert_malformed (module binary "\00asm" "\02\00\00\00") "unknown binary version")
(assert_malformed (module binary "\00asm" "\0d\00\01\00") "unknown binary version")

;; Sections
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\0e\01\00") "malformed section id")
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\01\01\00" "\01\01\00") "unexpected content after last section")
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\03\01\00" "\01\01\00") "unexpected content after last section")
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\01\02\00") "length out of bounds")
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\01\02\00\00") "section size mismatch")
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\01\00") "unexpected end")
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\01\ff\ff\ff\ff\0f\00") "length out of bounds")
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\01\ff\ff\ff\ff\1f") "integer too large")
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\01\80\80\80\80\80\00") "integer representation too long")

;; The same module with each number written as long as it may be
(module binary "\00asm" "\01\00\00\00"
  "\01\91\80\80\80\00\81\80\80\80\00\60\81\80\80\80\00\7f\80\80\80\80\00" ;; (type (func (param i32)))
  "\03\8a\80\80\80\00\81\80\80\80\00\80\80\80\80\00"
  "\0a\9e\80\80\80\00\81\80\80\80\00\94\80\80\80\00\80\80\80\80\00\41\ff\ff\ff\ff\7f\1a\20\80\80\80\80\00\1a\0b") ;; (drop (i32.const -1)) (drop (local.get 0))
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00"
    "\0a\0c\01\0a\00\41\80\80\80\80\80\00\1a\0b") ;; six bytes for an i32
  "integer representation too long")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00"
    "\0a\0b\01\09\00\41\ff\ff\ff\ff\0f\1a\0b") ;; bits beyond the 32nd are not the sign
  "integer too large")

;; Functions and bodies
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00")
  "function and code section have inconsistent lengths")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\0a\04\01\02\00\0b")
  "function and code section have inconsistent lengths")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\04\01\02\00\01")
  "unexpected end of section or function")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\05\01\03\00\0b\01")
  "section size mismatch")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\05\01\03\00\ff\0b")
  "illegal opcode")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\06\01\04\00\fc\7f\0b")
  "illegal opcode")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\05\01\03\00\05\0b")
  "")

;; Counts that lie
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\01\05\ff\ff\ff\ff\0f") "")
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\01\01\01") "unexpected end")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00"
    "\0a\12\01\10\02\ff\ff\ff\ff\0f\7f\ff\ff\ff\ff\0f\7f\01\01\0b")
  "too many locals")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\05\03\01\00\00" "\0c\01\01" "\0b\01\00")
  "data count and data section have inconsistent lengths")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\05\03\01\00\00"
    "\0a\0e\01\0c\00\41\00\41\00\41\00\fc\08\00\00\0b" "\0b\03\01\01\00")
  "data count section required")

;; Types
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\01\05\01\60\01\01\00") "malformed value type")
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\01\02\01\40") "")
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\01\05\01\5f\01\7f\02") "malformed mutability")
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\06\06\01\7f\02\41\00\0b") "malformed mutability")
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\04\04\01\7f\00\00") "malformed reference type")
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\07\05\01\01a\09\00") "malformed export kind")
(module binary "\00asm" "\01\00\00\00" "\01\03\01\4e\00") ;; a group without types
(assert_invalid (module binary "\00asm" "\01\00\00\00" "\03\02\01\05" "\0a\04\01\02\00\0b") "unknown type")
