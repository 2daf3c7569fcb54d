;; Functions to call from outside. Dividing by zero shows what a trap looks like.
(module $calc
  (func $divide (export "divide") (param $a i32) (param $b i32) (result i32)
    (i32.div_s (local.get $a) (local.get $b)))

  (func (export "mean") (param $a i32) (param $b i32) (param $c i32) (result i32)
    (call $divide
      (i32.add (i32.add (local.get $a) (local.get $b)) (local.get $c))
      (i32.const 3)))

  (func (export "hypotenuse") (param $a f64) (param $b f64) (result f64)
    (f64.sqrt
      (f64.add
        (f64.mul (local.get $a) (local.get $a))
        (f64.mul (local.get $b) (local.get $b))))))
