import type { Status } from '../../../src/digit/index.js';

/** A drawing with what it shows, said by whoever drew it. */
export interface Correction {
  readonly id: string;
  /** When, as ISO 8601 has it: newer ones sort after older ones. */
  readonly date: string;
  /** The drawing, as the bytes of a PNG file. */
  readonly png: Uint8Array<ArrayBuffer>;
  /** 0 to 9, or null: no digit. */
  readonly truth: number | null;
  /** What it was read as: 0 to 9, or null where no digit was named. */
  readonly label: number | null;
  /** How sure that was, 0 to 1. */
  readonly confidence: number;
  readonly status: Status;
  /** The network that read it. */
  readonly model: string;
}
