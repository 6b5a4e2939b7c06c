import type { NodeMachine } from '../recording/record.js';
import { hardware } from '../runs/hardware.node.js';

/** What a record says of this process and its machine. */
export function machine(): NodeMachine {
  return {
    formatVersion: 1,
    nodeVersion: process.version,
    command: ['cifra', ...process.argv.slice(2)],
    hardware: hardware(),
  };
}
