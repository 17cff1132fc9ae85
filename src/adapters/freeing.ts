/** Runs `use`, then gives the decoder's WebAssembly memory back, whatever happened. */
export async function freeing<T>(
  decoder: { free: () => void | Promise<void> },
  use: () => Promise<T>,
): Promise<T> {
  try {
    return await use();
  } finally {
    try {
      await decoder.free();
    } catch {
      // A module that trapped cannot be asked again; it is collected as a whole.
    }
  }
}
