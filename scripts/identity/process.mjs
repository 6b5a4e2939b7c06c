// A training of the identity check in a Node process: node process.mjs NAME THREADS.
import { loadDataset } from 'cifra';
import { train } from './train.mjs';

const [name, threads] = process.argv.slice(2);
const mnist = (limit) => loadDataset('mnist', { limit, download: false });
console.log(JSON.stringify(await train(name, Number(threads), mnist)));
