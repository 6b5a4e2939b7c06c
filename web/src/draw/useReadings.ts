import { effect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { show } from './reading.js';
import { changedAt, scene } from './sketch.js';

/** As long as this component is there, the networks read what is on the pad. */
export function useReadings(): void {
  useEffect(() => effect(() => show(scene.value, changedAt())), []);
}
