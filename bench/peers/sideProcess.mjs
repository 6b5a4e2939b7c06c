// This end of a side's process. A request is a line of JSON, and so is its answer.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The process is not what was looked for: the peer is not installed there. */
export class MissingPeer extends Error {}

export class SideProcess {
  /** { version, mark?, note? }, once started: `mark` goes behind its name everywhere. */
  about;
  #child;
  #waiting;
  #ended;

  /**
   * Starts a side, on the first of its commands that has the peer.
   * @throws MissingPeer if none has; Error if the peer fails
   */
  static async start({ commands, settings }, common) {
    let missing;
    for (const [file, ...words] of commands) {
      const side = new SideProcess(file, [...words, JSON.stringify({ ...settings, ...common })]);
      try {
        side.about = await side.#answer();
        return side;
      } catch (error) {
        side.stop();
        if (!(error instanceof MissingPeer)) throw error;
        missing = error;
      }
    }
    throw missing;
  }

  constructor(file, words) {
    this.#child = spawn(file, words, { stdio: ['pipe', 'pipe', 'pipe'] });
    let complaint = '';
    this.#child.stderr.on('data', (text) => (complaint = `${complaint}${text}`.slice(-4000)));
    this.#child.stdin.on('error', () => undefined); // the process has ended, which `close` tells
    this.#child.on('error', (error) => {
      this.#settle({ error: error.message, isMissing: error.code === 'ENOENT' });
    });
    this.#child.on('close', (code, signal) => {
      this.#ended = { error: complaint.trim() || `it ended with ${signal ?? code}` };
      this.#settle(this.#ended);
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      if (line.startsWith('{')) this.#settle(JSON.parse(line));
    });
  }

  /** The answer to a request, { measure, seconds }. @throws Error with what the side says is wrong */
  ask(request) {
    const answer = this.#answer();
    if (this.#ended) this.#settle(this.#ended);
    else this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    return answer;
  }

  stop() {
    this.#child.kill();
  }

  #answer() {
    return new Promise((resolve, reject) => (this.#waiting = { resolve, reject }));
  }

  #settle({ error, isMissing, ...answer }) {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (error === undefined) waiting?.resolve(answer);
    else waiting?.reject(isMissing ? new MissingPeer(error) : new Error(error));
  }
}
