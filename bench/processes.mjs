// Measurements that need a process of their own.
import { fork } from 'node:child_process';
import { once } from 'node:events';

/** What a module of this folder sends before its process ends. */
export async function answerOf(module, words, nodeOptions = []) {
  const child = fork(new URL(module, import.meta.url), words.map(String), { execArgv: nodeOptions });
  const ended = once(child, 'exit');
  const [answer] = await Promise.race([once(child, 'message'), ended]);
  await ended;
  if (typeof answer !== 'object' || answer === null) throw new Error(`${module} ${words.join(' ')} sent no answer.`);
  return answer;
}
