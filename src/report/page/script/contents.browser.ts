/** Marks the section that is being read in the table of contents. */
export function startContents(): void {
  const links = new Map(
    [...document.querySelectorAll<HTMLAnchorElement>('.contents a')].map((link) => [link.hash.slice(1), link]),
  );
  const observer = new IntersectionObserver(
    (entries) => {
      const current = entries.find(({ isIntersecting }) => isIntersecting)?.target.id;
      if (current === undefined) return;
      for (const [id, link] of links) {
        if (id === current) link.setAttribute('aria-current', 'true');
        else link.removeAttribute('aria-current');
      }
    },
    // A line a third from the top: the section that crosses it is the one that is read.
    { rootMargin: '-33% 0px -66% 0px' },
  );
  for (const id of links.keys()) observer.observe(document.getElementById(id)!);
}
