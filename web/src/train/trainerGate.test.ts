import { describe, expect, it } from 'vitest';
import { Gate } from './trainerGate.js';

/** A training of two epochs of two steps, that notes where it comes to stand. */
async function training(gate: Gate, stood: string[]): Promise<void> {
  const at = async (point: 'begin' | 'step' | 'lastStep' | 'epoch', name: string): Promise<void> => {
    // Steps take their time, in which the page may say something.
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (!gate.holds(point)) return;
    stood.push(name);
    await gate.stand();
  };
  await at('begin', 'begin');
  for (const epoch of [1, 2]) {
    await at('step', `step ${epoch}.1`);
    await at('lastStep', `step ${epoch}.2`);
    await at('epoch', `epoch ${epoch}`);
  }
  gate.end('over');
}

describe('the gate', () => {
  it('holds before the first step, after a step, and after an epoch', async () => {
    const gate = new Gate();
    const stood: string[] = [];
    const over = training(gate, stood);
    await gate.stands();
    expect(stood).toEqual(['begin']);
    const leaves = ['step', 'step', 'epoch'] as const;
    for (const leave of leaves) {
      gate.allow(leave);
      await gate.stands();
    }
    // The last step of an epoch goes with what ends it.
    expect(stood).toEqual(['begin', 'step 1.1', 'epoch 1', 'epoch 2']);
    expect(gate.isStanding).toBe(true);
    gate.allow('all');
    await gate.stands();
    await over;
  });

  it('holds wherever the training is when it is told to', async () => {
    const gate = new Gate();
    const stood: string[] = [];
    const over = training(gate, stood);
    gate.allow('all');
    gate.allow('none');
    await gate.stands();
    expect(stood).toEqual(['begin']);
    gate.allow('all');
    gate.allow('none');
    await gate.stands();
    expect(stood).toEqual(['begin', 'step 1.1']);
    gate.allow('all');
    await over;
    expect(stood).toHaveLength(2);
  });

  it('keeps nobody waiting for a stand that something else was said in place of', async () => {
    const gate = new Gate();
    const over = training(gate, []);
    gate.allow('epoch');
    const waiting = gate.stands();
    gate.allow('all');
    await waiting;
    await over;
    await gate.stands();
  });

  it('ends a training where it stands, with the reason', async () => {
    const gate = new Gate();
    const over = training(gate, []);
    await gate.stands();
    const reason = new Error('closed');
    gate.end(reason);
    await expect(over).rejects.toBe(reason);
  });
});
