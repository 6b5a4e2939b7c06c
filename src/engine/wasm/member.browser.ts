import { serveBrowser } from '../team/thread.browser.js';
import { loadProgram } from './job.js';

serveBrowser(loadProgram);
