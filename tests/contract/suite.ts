import { afterAll, beforeAll, describe } from 'vitest';
import type { Backend } from '../../src/engine/backend.js';
import { referenceBackend } from '../../src/engine/reference/backend.js';
import { describeAdjoints } from './adjoints.js';
import { describeAppearance } from './appearance.js';
import { describeExactCases } from './exact.js';
import { describeGradients } from './gradients.js';
import { describeInterface } from './interface.js';
import { describeOps } from './ops.js';
import { describePrograms } from './programs.js';
import { describeWarp } from './warp.js';

/** Norm of the difference over the norm of the truth, where nothing else is said. */
export interface Tolerances {
  /** An op's outputs against the reference backend's. */
  readonly value: number;
  /** <gradient, v> against central differences of the reference backend's loss, over |gradient| |v|. */
  readonly gradient: number;
  /** <A x, y> - <x, A' y> over |A x| |y|. */
  readonly adjoint: number;
}

/** The backend under test, the oracle, and how far apart they may be. */
export interface Contract {
  readonly backend: Backend;
  /** The same with another number of threads, if any: its bits must be equal. */
  readonly twin: Backend | undefined;
  readonly reference: Backend;
  readonly tolerances: Tolerances;
}

/**
 * Everything a backend must do, over every op. The programs of the cases are not disposed of one by one, which takes
 * many times as long as all the rest, but with their backend.
 */
export function describeBackend(
  name: string,
  makeBackend: () => Promise<Backend>,
  tolerances: Tolerances,
  makeTwin?: () => Promise<Backend>,
): void {
  describe(`contract of ${name}`, () => {
    let contract: Contract | undefined;
    beforeAll(async () => {
      contract = { backend: await makeBackend(), twin: await makeTwin?.(), reference: referenceBackend(), tolerances };
    });
    afterAll(async () => {
      for (const each of [contract?.backend, contract?.twin, contract?.reference]) await each?.dispose();
    });
    const get = () => contract!;

    describeOps(get);
    describeGradients(get);
    describeAdjoints(get);
    describePrograms(get);
    describeExactCases(get);
    describeWarp(get);
    describeAppearance(get);
    describeInterface(get, makeBackend);
  });
}
