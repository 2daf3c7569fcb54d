;; arguments: seed 1
;; The parameters of the inner "if" share Java variables with the i64 result: no valid class came of it.
(module
  (func (export "f0") (param i32 f64) (result f32)
    local.get 1
    f32.demote_f64
    f32.const 2
    local.get 0
    if (param f32)
      drop
      local.get 0
      local.get 0
      local.get 0
      if (param i32 i32) (result i64)
        drop
        drop
        i64.const 1
      else
        i32.add
        i64.extend_i32_s
      end
      drop
    else
      drop
    end))
