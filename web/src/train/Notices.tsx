import { useEffect, useRef } from 'preact/hooks';
import { goOnAfterLoss, keptRuns, lost, open, opening, run, state, trouble, warnings } from './training.js';
import { canGoOn, howFar, nameOf } from './KeptRuns.js';
import { ago, grouped } from './words.js';

/** What someone must know, above everything else: what went wrong, and what can be gone on with. */
export function Notices() {
  const box = useRef<HTMLDivElement>(null);
  const failed = state.value.name === 'failed' ? state.value.message : undefined;
  const wrong = trouble.value ?? lost.value ?? failed;
  useEffect(() => {
    // It may have been asked for far below.
    if (wrong && box.current!.getBoundingClientRect().top < 0) box.current!.scrollIntoView({ block: 'start' });
  }, [wrong]);
  return (
    <div ref={box} class="train-notices">
      {trouble.value && <Notice alert message={trouble.value.message} close={() => (trouble.value = undefined)} />}
      <Interrupted />
      {failed !== undefined && <Notice alert message={failed} />}
      {warnings.value.map(({ code, message }) => (
        <Notice
          key={code}
          message={message}
          close={() => (warnings.value = warnings.value.filter((one) => one.code !== code))}
        />
      ))}
      <GoOn />
    </div>
  );
}

interface NoticeProps {
  readonly message: string;
  /** Spoken at once. */
  readonly alert?: boolean;
  readonly close?: () => void;
}

function Notice({ message, alert = false, close }: NoticeProps) {
  return (
    <div class="train-notice" role={alert ? 'alert' : 'status'}>
      <p>{message}</p>
      {close && (
        <button type="button" class="plain" aria-label="Close this message" onClick={close}>
          ×
        </button>
      )}
    </div>
  );
}

function Interrupted() {
  if (!lost.value) return null;
  const { error, savedSteps } = lost.value;
  const saved = savedSteps > 0;
  return (
    <div class="train-notice" role="alert">
      <p>
        {error.message}{' '}
        {saved
          ? `The run is saved up to step ${grouped(savedSteps)}.`
          : 'It had not been saved yet; the same settings give the same run again.'}
      </p>
      <button type="button" class="primary" onClick={() => void goOnAfterLoss()}>
        {saved ? 'Go on from there' : 'Begin it again'}
      </button>
    </div>
  );
}

/** After a reload: the newest run that has not come to its end. */
function GoOn() {
  if (run.value || state.value.name !== 'empty') return null;
  const kept = keptRuns.value?.find(canGoOn);
  if (!kept) return null;
  const busy = opening.value;
  return (
    <div class="train-go-on">
      <p>
        <b>Go on where you left</b>
        {nameOf(kept)}: {howFar(kept)}. <span class="quiet">Begun {ago(kept.startedAt)}.</span>
      </p>
      <button type="button" class="primary" aria-disabled={busy} onClick={() => !busy && void open(kept.place, true)}>
        Go on
      </button>
    </div>
  );
}

/** What this browser, or how the page is served, allows. */
export function Surroundings() {
  return (
    <div class="train-surroundings quiet">
      {!crossOriginIsolated && (
        <p>
          One thread computes here. Where a page is isolated from others, all {navigator.hardwareConcurrency} can: by
          two headers (COOP and COEP), as <code>cifra web</code> sends them.
        </p>
      )}
      {!isSecureContext && (
        <p>
          This page came by an unsafe way (http), so the browser may keep nothing: training works, but a run is gone
          with the page unless you download it.
        </p>
      )}
    </div>
  );
}
