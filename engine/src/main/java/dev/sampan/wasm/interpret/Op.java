package dev.sampan.wasm.interpret;

/**
 * The instructions of the register form.
 *
 * <p>A word holds the instruction in its lowest 10 bits and above them three fields of 18 bits: a,
 * usually the slot of the result, b and c. Slots count from the frame's first. Some instructions
 * use the 36 bits above a as one field, and some are followed by more words.
 */
final class Op {

  // Regular instructions, in the order of the opcode table
  static final int I32_EQZ = 0;
  static final int I32_EQ = 1;
  static final int I32_NE = 2;
  static final int I32_LT_S = 3;
  static final int I32_LT_U = 4;
  static final int I32_GT_S = 5;
  static final int I32_GT_U = 6;
  static final int I32_LE_S = 7;
  static final int I32_LE_U = 8;
  static final int I32_GE_S = 9;
  static final int I32_GE_U = 10;
  static final int I64_EQZ = 11;
  static final int I64_EQ = 12;
  static final int I64_NE = 13;
  static final int I64_LT_S = 14;
  static final int I64_LT_U = 15;
  static final int I64_GT_S = 16;
  static final int I64_GT_U = 17;
  static final int I64_LE_S = 18;
  static final int I64_LE_U = 19;
  static final int I64_GE_S = 20;
  static final int I64_GE_U = 21;
  static final int F32_EQ = 22;
  static final int F32_NE = 23;
  static final int F32_LT = 24;
  static final int F32_GT = 25;
  static final int F32_LE = 26;
  static final int F32_GE = 27;
  static final int F64_EQ = 28;
  static final int F64_NE = 29;
  static final int F64_LT = 30;
  static final int F64_GT = 31;
  static final int F64_LE = 32;
  static final int F64_GE = 33;
  static final int I32_CLZ = 34;
  static final int I32_CTZ = 35;
  static final int I32_POPCNT = 36;
  static final int I32_ADD = 37;
  static final int I32_SUB = 38;
  static final int I32_MUL = 39;
  static final int I32_DIV_S = 40;
  static final int I32_DIV_U = 41;
  static final int I32_REM_S = 42;
  static final int I32_REM_U = 43;
  static final int I32_AND = 44;
  static final int I32_OR = 45;
  static final int I32_XOR = 46;
  static final int I32_SHL = 47;
  static final int I32_SHR_S = 48;
  static final int I32_SHR_U = 49;
  static final int I32_ROTL = 50;
  static final int I32_ROTR = 51;
  static final int I64_CLZ = 52;
  static final int I64_CTZ = 53;
  static final int I64_POPCNT = 54;
  static final int I64_ADD = 55;
  static final int I64_SUB = 56;
  static final int I64_MUL = 57;
  static final int I64_DIV_S = 58;
  static final int I64_DIV_U = 59;
  static final int I64_REM_S = 60;
  static final int I64_REM_U = 61;
  static final int I64_AND = 62;
  static final int I64_OR = 63;
  static final int I64_XOR = 64;
  static final int I64_SHL = 65;
  static final int I64_SHR_S = 66;
  static final int I64_SHR_U = 67;
  static final int I64_ROTL = 68;
  static final int I64_ROTR = 69;
  static final int F32_ABS = 70;
  static final int F32_NEG = 71;
  static final int F32_CEIL = 72;
  static final int F32_FLOOR = 73;
  static final int F32_TRUNC = 74;
  static final int F32_NEAREST = 75;
  static final int F32_SQRT = 76;
  static final int F32_ADD = 77;
  static final int F32_SUB = 78;
  static final int F32_MUL = 79;
  static final int F32_DIV = 80;
  static final int F32_MIN = 81;
  static final int F32_MAX = 82;
  static final int F32_COPYSIGN = 83;
  static final int F64_ABS = 84;
  static final int F64_NEG = 85;
  static final int F64_CEIL = 86;
  static final int F64_FLOOR = 87;
  static final int F64_TRUNC = 88;
  static final int F64_NEAREST = 89;
  static final int F64_SQRT = 90;
  static final int F64_ADD = 91;
  static final int F64_SUB = 92;
  static final int F64_MUL = 93;
  static final int F64_DIV = 94;
  static final int F64_MIN = 95;
  static final int F64_MAX = 96;
  static final int F64_COPYSIGN = 97;
  static final int I32_WRAP_I64 = 98;
  static final int I32_TRUNC_F32_S = 99;
  static final int I32_TRUNC_F32_U = 100;
  static final int I32_TRUNC_F64_S = 101;
  static final int I32_TRUNC_F64_U = 102;
  static final int I64_EXTEND_I32_S = 103;
  static final int I64_EXTEND_I32_U = 104;
  static final int I64_TRUNC_F32_S = 105;
  static final int I64_TRUNC_F32_U = 106;
  static final int I64_TRUNC_F64_S = 107;
  static final int I64_TRUNC_F64_U = 108;
  static final int F32_CONVERT_I32_S = 109;
  static final int F32_CONVERT_I32_U = 110;
  static final int F32_CONVERT_I64_S = 111;
  static final int F32_CONVERT_I64_U = 112;
  static final int F32_DEMOTE_F64 = 113;
  static final int F64_CONVERT_I32_S = 114;
  static final int F64_CONVERT_I32_U = 115;
  static final int F64_CONVERT_I64_S = 116;
  static final int F64_CONVERT_I64_U = 117;
  static final int F64_PROMOTE_F32 = 118;
  static final int I32_REINTERPRET_F32 = 119;
  static final int I64_REINTERPRET_F64 = 120;
  static final int F32_REINTERPRET_I32 = 121;
  static final int F64_REINTERPRET_I64 = 122;
  static final int I32_EXTEND8_S = 123;
  static final int I32_EXTEND16_S = 124;
  static final int I64_EXTEND8_S = 125;
  static final int I64_EXTEND16_S = 126;
  static final int I64_EXTEND32_S = 127;
  static final int I32_TRUNC_SAT_F32_S = 128;
  static final int I32_TRUNC_SAT_F32_U = 129;
  static final int I32_TRUNC_SAT_F64_S = 130;
  static final int I32_TRUNC_SAT_F64_U = 131;
  static final int I64_TRUNC_SAT_F32_S = 132;
  static final int I64_TRUNC_SAT_F32_U = 133;
  static final int I64_TRUNC_SAT_F64_S = 134;
  static final int I64_TRUNC_SAT_F64_U = 135;

  // Accesses to the first memory, named by what they move; the address is slot b, c the offset
  static final int LOAD_8_S = 136;
  static final int LOAD_8_U = 137;
  static final int LOAD_16_S = 138;
  static final int LOAD_16_U = 139;
  static final int LOAD_32_S = 140;
  static final int LOAD_32_U = 141;
  static final int LOAD_64 = 142;
  static final int STORE_8 = 143;
  static final int STORE_16 = 144;
  static final int STORE_32 = 145;
  static final int STORE_64 = 146;

  // The same; the address is the sum of slot b and the next word
  static final int LOAD_8_S_PLUS = 147;
  static final int LOAD_8_U_PLUS = 148;
  static final int LOAD_16_S_PLUS = 149;
  static final int LOAD_16_U_PLUS = 150;
  static final int LOAD_32_S_PLUS = 151;
  static final int LOAD_32_U_PLUS = 152;
  static final int LOAD_64_PLUS = 153;
  static final int STORE_8_PLUS = 154;
  static final int STORE_16_PLUS = 155;
  static final int STORE_32_PLUS = 156;
  static final int STORE_64_PLUS = 157;

  // The same; the address is the sum of the slots b and c, without an offset
  static final int LOAD_8_S_SUM = 158;
  static final int LOAD_8_U_SUM = 159;
  static final int LOAD_16_S_SUM = 160;
  static final int LOAD_16_U_SUM = 161;
  static final int LOAD_32_S_SUM = 162;
  static final int LOAD_32_U_SUM = 163;
  static final int LOAD_64_SUM = 164;
  static final int STORE_8_SUM = 165;
  static final int STORE_16_SUM = 166;
  static final int STORE_32_SUM = 167;
  static final int STORE_64_SUM = 168;

  // Moves and constants
  static final int MOVE = 169;
  static final int MOVE_REFERENCE = 170;
  static final int MOVE_V128 = 171;
  static final int CONST = 172;
  static final int CONST_WORD = 173;
  static final int CONST_V128 = 174;
  static final int NULL = 175;
  static final int SELECT = 176;
  static final int SELECT_REFERENCE = 177;
  static final int SELECT_V128 = 178;

  // Globals; c is the index
  static final int GLOBAL_GET = 179;
  static final int GLOBAL_GET_REFERENCE = 180;
  static final int GLOBAL_GET_V128 = 181;
  static final int GLOBAL_SET = 182;
  static final int GLOBAL_SET_REFERENCE = 183;
  static final int GLOBAL_SET_V128 = 184;

  // Jumps; the target stands above b
  static final int JUMP = 185;
  static final int JUMP_IF = 186;
  static final int JUMP_UNLESS = 187;
  static final int JUMP_IF_NULL = 188;
  static final int JUMP_IF_NOT_NULL = 189;
  static final int JUMP_TABLE = 190;

  // Comparisons of two slots with a jump; the target is the next word
  static final int I32_EQ_JUMP = 191;
  static final int I32_NE_JUMP = 192;
  static final int I32_LT_S_JUMP = 193;
  static final int I32_LT_U_JUMP = 194;
  static final int I32_GE_S_JUMP = 195;
  static final int I32_GE_U_JUMP = 196;
  static final int I64_EQ_JUMP = 197;
  static final int I64_NE_JUMP = 198;
  static final int I64_LT_S_JUMP = 199;
  static final int I64_LT_U_JUMP = 200;
  static final int I64_GE_S_JUMP = 201;
  static final int I64_GE_U_JUMP = 202;

  // Comparisons of a slot and the constant c with a jump; the target is the next word
  static final int I32_EQ_CONST_JUMP = 203;
  static final int I32_NE_CONST_JUMP = 204;
  static final int I32_LT_S_CONST_JUMP = 205;
  static final int I32_LT_U_CONST_JUMP = 206;
  static final int I32_GT_S_CONST_JUMP = 207;
  static final int I32_GT_U_CONST_JUMP = 208;
  static final int I32_LE_S_CONST_JUMP = 209;
  static final int I32_LE_U_CONST_JUMP = 210;
  static final int I32_GE_S_CONST_JUMP = 211;
  static final int I32_GE_U_CONST_JUMP = 212;
  static final int I64_EQ_CONST_JUMP = 213;
  static final int I64_NE_CONST_JUMP = 214;
  static final int I64_LT_S_CONST_JUMP = 215;
  static final int I64_LT_U_CONST_JUMP = 216;
  static final int I64_GT_S_CONST_JUMP = 217;
  static final int I64_GT_U_CONST_JUMP = 218;
  static final int I64_LE_S_CONST_JUMP = 219;
  static final int I64_LE_U_CONST_JUMP = 220;
  static final int I64_GE_S_CONST_JUMP = 221;
  static final int I64_GE_U_CONST_JUMP = 222;

  // Arithmetic with the constant c
  static final int I32_ADD_CONST = 223;
  static final int I32_MUL_CONST = 224;
  static final int I32_AND_CONST = 225;
  static final int I32_OR_CONST = 226;
  static final int I32_XOR_CONST = 227;
  static final int I32_SHL_CONST = 228;
  static final int I32_SHR_S_CONST = 229;
  static final int I32_SHR_U_CONST = 230;
  static final int I32_ROTL_CONST = 231;
  static final int I64_ADD_CONST = 232;
  static final int I64_MUL_CONST = 233;
  static final int I64_AND_CONST = 234;
  static final int I64_OR_CONST = 235;
  static final int I64_XOR_CONST = 236;
  static final int I64_SHL_CONST = 237;
  static final int I64_SHR_S_CONST = 238;
  static final int I64_SHR_U_CONST = 239;
  static final int I64_ROTL_CONST = 240;

  // Arithmetic with a constant in the next word
  static final int I32_ADD_WORD = 241;
  static final int I32_MUL_WORD = 242;
  static final int I32_AND_WORD = 243;
  static final int I32_OR_WORD = 244;
  static final int I32_XOR_WORD = 245;
  static final int I64_ADD_WORD = 246;
  static final int I64_MUL_WORD = 247;
  static final int I64_AND_WORD = 248;
  static final int I64_OR_WORD = 249;
  static final int I64_XOR_WORD = 250;

  // Calls and returns
  static final int CALL = 251;
  static final int CALL_IMPORT = 252;
  static final int CALL_INDIRECT = 253;
  static final int CALL_REFERENCE = 254;
  static final int RETURN_CALL = 255;
  static final int RETURN_CALL_IMPORT = 256;
  static final int RETURN_CALL_INDIRECT = 257;
  static final int RETURN_CALL_REFERENCE = 258;
  static final int RETURN = 259;
  static final int RETURN_NUMBER = 260;
  static final int RETURN_REFERENCE = 261;
  static final int RETURN_SLOTS = 262;

  // The rest
  static final int UNREACHABLE = 263;
  static final int THROW = 264;
  static final int THROW_REF = 265;
  static final int IS_NULL = 266;
  static final int MEMORY_SIZE = 267;
  static final int COLD = 268;

  /** Moves as many slots as the next word says, of both stacks. */
  static final int MOVE_SLOTS = 269;

  /** Takes so much fuel as the field above a says. */
  static final int FUEL = 270;

  /** Takes fuel for a size in slot b, by a power of two in c; a is 1 if it has 32 bits. */
  static final int FUEL_FOR_RANGE = 271;

  /** The last of the regular instructions. */
  static final int LAST_NUMERIC = I64_TRUNC_SAT_F64_U;

  /** How many bits an instruction takes. */
  static final int BITS = 10;

  /** How many bits a field takes. */
  static final int FIELD_BITS = 18;

  /** The largest value of a field. */
  static final int FIELD_MAX = (1 << FIELD_BITS) - 1;

  static final int A_SHIFT = BITS;
  static final int B_SHIFT = A_SHIFT + FIELD_BITS;
  static final int C_SHIFT = B_SHIFT + FIELD_BITS;

  private Op() {}

  /** A word with three fields; c may be negative. */
  static long word(int op, int a, int b, int c) {
    return op | (long) a << A_SHIFT | (long) b << B_SHIFT | (long) c << C_SHIFT;
  }

  /** A word with a field and a number of 36 bits, which may be negative. */
  static long word(int op, int a, long number) {
    return op | (long) a << A_SHIFT | number << B_SHIFT;
  }

  /** Whether a constant can stand in c. */
  static boolean fitsField(long value) {
    return value << C_SHIFT >> C_SHIFT == value;
  }

  /** Whether a constant can stand above a. */
  static boolean fitsNumber(long value) {
    return value << B_SHIFT >> B_SHIFT == value;
  }
}
