/** Signs for buttons whose names are in their labels: 24 x 24, drawn with the colour of the text. */
const paths = {
  undo: 'M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-4',
  redo: 'm15 14 5-5-5-5M20 9H10a6 6 0 0 0 0 12h4',
  clear: 'M4 6h16M9 6V4h6v2M6 6l1 14h10l1-14M10 10v6M14 10v6',
  pen: 'm4 20 1-5L16 4l4 4L9 19zM13 7l4 4',
  eraser: 'm8 19-4-4a1.5 1.5 0 0 1 0-2l8-8a1.5 1.5 0 0 1 2 0l6 6a1.5 1.5 0 0 1 0 2l-6 6zM9 8l8 8M6 19h14',
} as const;

export function Icon({ name }: { readonly name: keyof typeof paths }) {
  return (
    <svg class="pad-icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
