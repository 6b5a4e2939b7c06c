import { describe, expect, it } from 'vitest';
import { CifraError, nearest } from './errors.js';

describe('CifraError', () => {
  it('carries code, message and remedy, and prints the remedy on its own line', () => {
    const error = new CifraError('some-code', 'That was wrong.', 'Do this instead.');
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.code, error.remedy]).toEqual(['CifraError', 'some-code', 'Do this instead.']);
    expect(error.message).toBe('That was wrong.\n  Do this instead.');
    expect(String(error)).toBe('CifraError: That was wrong.\n  Do this instead.');
  });

  it('needs no remedy and keeps its cause', () => {
    const cause = new Error('below');
    const error = new CifraError('some-code', 'That was wrong.', undefined, { cause });
    expect(error.message).toBe('That was wrong.');
    expect(error.remedy).toBeUndefined();
    expect(error.cause).toBe(cause);
  });
});

describe('nearest', () => {
  const options = ['epochs', 'batch-size', 'learning-rate', 'seed', 'threads'];

  it.each([
    ['epoch', 'epochs'],
    ['epcohs', 'epochs'],
    ['batchsize', 'batch-size'],
    ['learning_rate', 'learning-rate'],
    ['SEED', 'seed'],
    ['thread', 'threads'],
  ])('takes %s for %s', (word, wanted) => {
    expect(nearest(word, options)).toBe(wanted);
  });

  it('finds nothing for a word like none of them', () => {
    expect(nearest('zzzzzzzz', options)).toBeUndefined();
    expect(nearest('epochs', [])).toBeUndefined();
  });

  it('prefers the closest, and the first of two equally close', () => {
    expect(nearest('adamw', ['adam', 'adamw', 'sgd'])).toBe('adamw');
    expect(nearest('bat', ['cat', 'hat'])).toBe('cat');
  });
});
