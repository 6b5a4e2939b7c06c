/** Asks the browser, once something is worth it, to keep what this page has saved also when it runs out of room. */
export async function keepForGood(): Promise<boolean> {
  // Pages that are not secure have no such thing; the browser may ask the person, or decide by itself.
  const { storage }: { storage?: StorageManager } = navigator;
  if (!storage?.persist) return false;
  try {
    return (await storage.persisted()) || (await storage.persist());
  } catch {
    return false;
  }
}
