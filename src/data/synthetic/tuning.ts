const given = (globalThis as { P?: Record<string, number> }).P;
export const P = { rough: 0.7, elastic: 0.1, loose: 0.08, passes: 5, tremor: 0.01, wobble: 0.15, speck: 0.02, soft0: 0.7, soft1: 2.2, fine: 2, ...given };
