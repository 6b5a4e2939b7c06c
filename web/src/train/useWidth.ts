import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** An element's width in sixteenths of the page's letter size, kept up to date. */
export function useWidth(): readonly [RefObject<HTMLDivElement | null>, number] {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(360);
  useLayoutEffect(() => {
    const element = box.current!;
    const measure = (): void => {
      const letter = parseFloat(getComputedStyle(document.documentElement).fontSize);
      setWidth(Math.max(200, Math.round((16 * element.clientWidth) / letter)));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [box, width];
}
