/** Numbers to send to in tests and measurements. */

/**
 * Mobile numbers of Russia in E.164, distinct; none has one of the endings (9xx) that make something special happen.
 */
export function ordinaryPhones(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const block = Math.floor(index / 900);
    return `+7926${String(1000 + block).padStart(4, '0')}${String(index % 900).padStart(3, '0')}`;
  });
}
