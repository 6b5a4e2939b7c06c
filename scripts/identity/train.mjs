// One training of the identity check, in Node or in a page.
import { identityTrainings, trainForIdentity, wasmBackend } from 'cifra';

/** @param mnist gives MNIST with this limit, for the training that needs it */
export async function train(name, threads, mnist) {
  const training = identityTrainings[name];
  const dataset = training.dataset === 'mnist' ? await mnist(training.limit) : undefined;
  let backend;
  const makeBackend = () => (backend = wasmBackend({ threads }));
  const begun = performance.now();
  const hash = await trainForIdentity(training, makeBackend, dataset);
  const seconds = (performance.now() - begun) / 1000;
  return { hash, seconds, threads: backend.threads, numerics: backend.numerics };
}
