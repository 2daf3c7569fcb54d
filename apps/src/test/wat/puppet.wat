;; A service that does what it is told, and keeps a journal of what it hears.
;;
;; A request with the action POST and the URL "do" has as payload four numbers (a function, and
;; three arguments) and data behind them. The answer is the function's result, as four bytes.
;; A request for "journal" is answered with what was heard since the last one. Any other request is
;; answered with its own payload.
(module
  (import "env" "wasm_register_resource" (func $register (param i32)))
  (import "env" "wasm_post_request" (func $post (param i32 i32)))
  (import "env" "wasm_response_send" (func $respond (param i32 i32) (result i32)))
  (import "env" "wasm_sub_event" (func $subscribe (param i32)))
  (import "env" "wasm_create_timer" (func $create_timer (param i32 i32 i32) (result i32)))
  (import "env" "wasm_timer_cancel" (func $cancel_timer (param i32)))
  (import "env" "wasm_timer_destroy" (func $destroy_timer (param i32)))
  (import "env" "wasm_timer_restart" (func $restart_timer (param i32 i32)))
  (import "env" "wasm_get_sys_tick_ms" (func $tick (result i32)))
  (import "env" "wasm_sensor_open" (func $open_sensor (param i32 i32) (result i32)))
  (import "env" "wasm_sensor_config"
    (func $config_sensor (param i32 i32 i32 i32) (result i32)))
  (import "env" "wasm_sensor_config_with_attr_container"
    (func $advise_sensor (param i32 i32 i32) (result i32)))
  (import "env" "wasm_sensor_close" (func $close_sensor (param i32) (result i32)))
  (import "env" "wasm_open_connection" (func $open (param i32 i32 i32) (result i32)))
  (import "env" "wasm_close_connection" (func $close (param i32)))
  (import "env" "wasm_send_on_connection" (func $send (param i32 i32 i32) (result i32)))
  (import "env" "wasm_config_connection" (func $config (param i32 i32 i32) (result i32)))
  (import "env" "sampan_connection_source" (func $source (param i32 i32 i32) (result i32)))
  (import "env" "exit" (func $exit (param i32)))
  (import "env" "puts" (func $puts (param i32) (result i32)))

  ;; ALLOCATOR

  (memory (export "memory") 5)
  (data (i32.const 16) "init\00")
  (data (i32.const 32) "destroy\00")

  ;; from 0x10000: the journal; from 0x30000: a response; at 0x40000: a request that waits
  (global $journal (mut i32) (i32.const 0x10000))
  (global $waiting (mut i32) (i32.const 0))

  (func (export "on_init")
    (drop (call $puts (i32.const 16)))
    ;; ON_INIT
  )
  (func (export "on_destroy") (drop (call $puts (i32.const 32))))

  ;; what was heard: a letter, a number, a length, data
  (func $note (param $letter i32) (param $number i32) (param $data i32) (param $length i32)
    (i32.store8 (global.get $journal) (local.get $letter))
    (i32.store offset=1 (global.get $journal) (local.get $number))
    (i32.store offset=5 (global.get $journal) (local.get $length))
    (memory.copy
      (i32.add (global.get $journal) (i32.const 9)) (local.get $data) (local.get $length))
    (global.set $journal
      (i32.add (global.get $journal) (i32.add (i32.const 9) (local.get $length)))))

  (func $swap (param $x i32) (result i32)
    (i32.or
      (i32.and (i32.rotl (local.get $x) (i32.const 8)) (i32.const 0x00ff00ff))
      (i32.and (i32.rotr (local.get $x) (i32.const 8)) (i32.const 0xff00ff00))))

  ;; answers a request, whose head is copied as far as a response has it
  (func $answer (param $request i32) (param $status i32) (param $data i32) (param $length i32)
    (i32.store8 (i32.const 0x30000) (i32.const 1))
    (i32.store8 (i32.const 0x30001) (local.get $status))
    (memory.copy (i32.const 0x30002)
      (i32.add (local.get $request) (i32.const 2)) (i32.const 10))
    (i32.store (i32.const 0x3000c) (call $swap (local.get $length)))
    (memory.copy (i32.const 0x30010) (local.get $data) (local.get $length))
    (drop (call $respond (i32.const 0x30000) (i32.add (i32.const 16) (local.get $length)))))

  (func (export "on_request") (param $request i32) (param $length i32)
    (local $action i32) (local $url i32) (local $payload i32) (local $size i32)
    (local.set $action (i32.load8_u offset=1 (local.get $request)))
    (if (i32.eq (local.get $action) (i32.const 6))
      (then
        ;; ON_EVENT
        (call $note (i32.const 69) (i32.const 0) (local.get $request) (local.get $length))
        (return)))
    (local.set $url (i32.add (local.get $request) (i32.const 18)))
    (local.set $size (call $swap (i32.load offset=14 (local.get $request))))
    (local.set $payload
      (i32.sub (i32.add (local.get $request) (local.get $length)) (local.get $size)))
    ;; "do"
    (if (i32.eq (i32.and (i32.load (local.get $url)) (i32.const 0xffffff)) (i32.const 0x6f64))
      (then
        (i32.store (i32.const 8)
          (call $do (local.get $request) (local.get $length) (local.get $payload)
            (i32.load (local.get $payload))
            (i32.load offset=4 (local.get $payload))
            (i32.load offset=8 (local.get $payload))
            (i32.load offset=12 (local.get $payload))
            (i32.add (local.get $payload) (i32.const 16))
            (i32.sub (local.get $size) (i32.const 16))))
        (if (i32.ne (i32.load (local.get $payload)) (i32.const 20))
          (then
            (call $answer (local.get $request) (i32.const 69) (i32.const 8) (i32.const 4))))
        (return)))
    ;; "jour…"
    (if (i32.eq (i32.load (local.get $url)) (i32.const 0x72756f6a))
      (then
        (call $answer (local.get $request) (i32.const 69) (i32.const 0x10000)
          (i32.sub (global.get $journal) (i32.const 0x10000)))
        (global.set $journal (i32.const 0x10000))
        (return)))
    (call $answer (local.get $request) (i32.const 69) (local.get $payload) (local.get $size)))

  (func $spin (loop $again (br $again)))

  (func $do (param $request i32) (param $length i32) (param $payload i32)
      (param $what i32) (param $a i32) (param $b i32) (param $c i32)
      (param $data i32) (param $size i32) (result i32)
    (block $21 (block $20 (block $19 (block $18 (block $17 (block $16 (block $15 (block $14
    (block $13 (block $12 (block $11 (block $10 (block $9 (block $8 (block $7 (block $6 (block $5
    (block $4 (block $3 (block $2 (block $1 (block $0
      (br_table $0 $1 $2 $3 $4 $5 $6 $7 $8 $9 $10 $11 $12 $13 $14 $15 $16 $17 $18 $19 $20 $21
        (local.get $what)))
    (call $register (local.get $data)) (return (i32.const 1)))
    (call $post (local.get $data) (local.get $size)) (return (i32.const 1)))
    (return (call $respond (local.get $data) (local.get $size))))
    (call $subscribe (local.get $data)) (return (i32.const 1)))
    (return (call $create_timer (local.get $a) (local.get $b) (local.get $c))))
    (call $cancel_timer (local.get $a)) (return (i32.const 1)))
    (call $destroy_timer (local.get $a)) (return (i32.const 1)))
    (call $restart_timer (local.get $a) (local.get $b)) (return (i32.const 1)))
    (return (call $tick)))
    (return (call $open_sensor (local.get $data) (local.get $a))))
    (return
      (call $config_sensor (local.get $a) (local.get $b) (local.get $c) (i32.const 7))))
    (return (call $advise_sensor (local.get $a) (local.get $data) (local.get $size))))
    (return (call $close_sensor (local.get $a))))
    ;; 13: the kind is a string of a bytes before the container
    (return
      (call $open (local.get $data) (i32.add (local.get $data) (local.get $a))
        (i32.sub (local.get $size) (local.get $a)))))
    (call $close (local.get $a)) (return (i32.const 1)))
    (return (call $send (local.get $a) (local.get $data) (local.get $size))))
    (return (call $config (local.get $a) (local.get $data) (local.get $size))))
    (unreachable))
    (call $spin) (return (i32.const 0)))
    (call $exit (local.get $a)) (return (i32.const 0)))
    ;; 20: keeps the request, and answers later
    (memory.copy (i32.const 0x40000) (local.get $request) (local.get $length))
    (return (i32.const 1)))
    ;; 21: answers that one
    (call $answer (i32.const 0x40000) (i32.const 68) (local.get $data) (local.get $size))
    (i32.const 1))

  (func (export "on_response") (param $response i32) (param $length i32)
    (call $note (i32.const 82) (i32.const 0) (local.get $response) (local.get $length)))
  (func (export "on_timer_callback") (param $id i32)
    (call $note (i32.const 84) (local.get $id) (i32.const 0) (i32.const 0)))
  (func (export "on_sensor_event") (param $id i32) (param $data i32) (param $length i32)
    (call $note (i32.const 83) (local.get $id) (local.get $data) (local.get $length)))
  (func (export "on_connection_data") (param $handle i32) (param $data i32) (param $length i32)
    (local $got i32)
    (call $note (i32.const 67) (local.get $handle) (local.get $data) (local.get $length))
    (local.set $got (call $source (local.get $handle) (i32.const 1024) (i32.const 256)))
    (if (i32.gt_s (local.get $got) (i32.const 0))
      (then
        (call $note (i32.const 65) (local.get $handle) (i32.const 1024) (local.get $got))))))
