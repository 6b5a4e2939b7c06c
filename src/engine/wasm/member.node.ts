import { serveNode } from '../team/thread.node.js';
import { loadProgram } from './job.js';

serveNode(loadProgram);
