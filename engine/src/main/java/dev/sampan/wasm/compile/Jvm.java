package dev.sampan.wasm.compile;

/** The instructions of the Java virtual machine that are emitted (JVMS §6.5), by their names. */
final class Jvm {

  static final int NOP = 0;
  static final int ACONST_NULL = 1;
  static final int ICONST_0 = 3;
  static final int ICONST_1 = 4;
  static final int LCONST_0 = 9;
  static final int FCONST_0 = 11;
  static final int DCONST_0 = 14;
  static final int BIPUSH = 16;
  static final int SIPUSH = 17;
  static final int LDC = 18;
  static final int LDC_W = 19;
  static final int LDC2_W = 20;
  static final int ILOAD = 21;
  static final int LLOAD = 22;
  static final int FLOAD = 23;
  static final int DLOAD = 24;
  static final int ALOAD = 25;
  static final int ILOAD_0 = 26;
  static final int IALOAD = 46;
  static final int LALOAD = 47;
  static final int AALOAD = 50;
  static final int BALOAD = 51;
  static final int ISTORE = 54;
  static final int LSTORE = 55;
  static final int FSTORE = 56;
  static final int DSTORE = 57;
  static final int ASTORE = 58;
  static final int ISTORE_0 = 59;
  static final int IASTORE = 79;
  static final int LASTORE = 80;
  static final int AASTORE = 83;
  static final int BASTORE = 84;
  static final int POP = 87;
  static final int POP2 = 88;
  static final int DUP = 89;
  static final int DUP_X1 = 90;
  static final int DUP2 = 92;
  static final int DUP2_X2 = 94;
  static final int SWAP = 95;
  static final int IADD = 96;
  static final int LADD = 97;
  static final int FADD = 98;
  static final int DADD = 99;
  static final int ISUB = 100;
  static final int LSUB = 101;
  static final int FSUB = 102;
  static final int DSUB = 103;
  static final int IMUL = 104;
  static final int LMUL = 105;
  static final int FMUL = 106;
  static final int DMUL = 107;
  static final int IDIV = 108;
  static final int LDIV = 109;
  static final int FDIV = 110;
  static final int DDIV = 111;
  static final int IREM = 112;
  static final int LREM = 113;
  static final int FNEG = 118;
  static final int DNEG = 119;
  static final int ISHL = 120;
  static final int LSHL = 121;
  static final int ISHR = 122;
  static final int LSHR = 123;
  static final int IUSHR = 124;
  static final int LUSHR = 125;
  static final int IAND = 126;
  static final int LAND = 127;
  static final int IOR = 128;
  static final int LOR = 129;
  static final int IXOR = 130;
  static final int LXOR = 131;
  static final int IINC = 132;
  static final int I2L = 133;
  static final int I2F = 134;
  static final int I2D = 135;
  static final int L2I = 136;
  static final int L2F = 137;
  static final int L2D = 138;
  static final int F2I = 139;
  static final int F2L = 140;
  static final int F2D = 141;
  static final int D2I = 142;
  static final int D2L = 143;
  static final int I2B = 145;
  static final int I2C = 146;
  static final int I2S = 147;
  static final int LCMP = 148;
  static final int FCMPL = 149;
  static final int FCMPG = 150;
  static final int DCMPL = 151;
  static final int DCMPG = 152;
  static final int IFEQ = 153;
  static final int IFNE = 154;
  static final int IFLT = 155;
  static final int IFGE = 156;
  static final int IFGT = 157;
  static final int IFLE = 158;
  static final int IF_ICMPEQ = 159;
  static final int IF_ICMPNE = 160;
  static final int IF_ICMPLT = 161;
  static final int IF_ICMPGE = 162;
  static final int IF_ICMPGT = 163;
  static final int IF_ICMPLE = 164;
  static final int IF_ACMPEQ = 165;
  static final int IF_ACMPNE = 166;
  static final int GOTO = 167;
  static final int TABLESWITCH = 170;
  static final int LOOKUPSWITCH = 171;
  static final int IRETURN = 172;
  static final int LRETURN = 173;
  static final int FRETURN = 174;
  static final int DRETURN = 175;
  static final int ARETURN = 176;
  static final int RETURN = 177;
  static final int GETSTATIC = 178;
  static final int PUTSTATIC = 179;
  static final int GETFIELD = 180;
  static final int PUTFIELD = 181;
  static final int INVOKEVIRTUAL = 182;
  static final int INVOKESPECIAL = 183;
  static final int INVOKESTATIC = 184;
  static final int INVOKEINTERFACE = 185;
  static final int INVOKEDYNAMIC = 186;
  static final int NEW = 187;
  static final int ARRAYLENGTH = 190;
  static final int ATHROW = 191;
  static final int CHECKCAST = 192;
  static final int INSTANCEOF = 193;
  static final int WIDE = 196;
  static final int IFNULL = 198;
  static final int IFNONNULL = 199;

  private Jvm() {}

  /** How much an instruction without operands, or a jump, changes the height of the stack. */
  private static final String EFFECTS =
      // one character per instruction code from 0 on: 'a' is -4, 'e' is 0, 'g' is +2, '?' unknown
      "effffffffggfffgg" // 0 nop .. 15 dconst_1
          + "ff??" // bipush sipush ldc ldc_w
          + "g" // ldc2_w
          + "fgfgf" // iload lload fload dload aload
          + "ffffggggffffggggffff" // iload_0 .. aload_3
          + "dededddd" // 46 iaload laload faload daload aaload ..
          + "dcdcd" // istore .. astore
          + "ddddccccddddccccdddd" // istore_0 .. astore_3
          + "bababbbb" // 79 iastore .. sastore
          + "dcfffggge"; // 87 pop pop2 dup dup_x1 dup_x2 dup2 dup2_x1 dup2_x2 swap

  /**
   * The change of the stack's height by an instruction whose operands settle it.
   *
   * @throws AssertionError if it depends on more than the instruction
   */
  static int effect(int opcode) {
    if (opcode < EFFECTS.length()) {
      char effect = EFFECTS.charAt(opcode);
      if (effect != '?') {
        return effect - 'e';
      }
    }
    return switch (opcode) {
      case DUP_X1, DUP -> 1;
      case IADD, ISUB, IMUL, IDIV, IREM, IAND, IOR, IXOR, ISHL, ISHR, IUSHR -> -1;
      case FADD, FSUB, FMUL, FDIV -> -1;
      case LADD, LSUB, LMUL, LDIV, LREM, LAND, LOR, LXOR -> -2;
      case DADD, DSUB, DMUL, DDIV -> -2;
      case LSHL, LSHR, LUSHR -> -1;
      case FNEG, DNEG, I2B, I2C, I2S, I2F, F2I, L2D, D2L, IINC, ARRAYLENGTH -> 0;
      case I2L, I2D, F2L, F2D -> 1;
      case L2I, L2F, D2I -> -1;
      case LCMP, DCMPL, DCMPG -> -3;
      case FCMPL, FCMPG -> -1;
      case IFEQ, IFNE, IFLT, IFGE, IFGT, IFLE, IFNULL, IFNONNULL -> -1;
      case IF_ICMPEQ, IF_ICMPNE, IF_ICMPLT, IF_ICMPGE, IF_ICMPGT, IF_ICMPLE -> -2;
      case IF_ACMPEQ, IF_ACMPNE -> -2;
      case GOTO, RETURN -> 0;
      case TABLESWITCH, LOOKUPSWITCH, IRETURN, FRETURN, ARETURN, ATHROW -> -1;
      case LRETURN, DRETURN -> -2;
      default -> throw new AssertionError("instruction " + opcode + " has no fixed effect");
    };
  }
}
