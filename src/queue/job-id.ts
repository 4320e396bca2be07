/**
 * One job id out of its parts (account, stream …): equal parts give equal ids, different parts different ones.
 * BullMQ allows no colon in an id and no id that is a whole number.
 * @throws RangeError when there is no part or an empty one.
 */
export function jobIdOf(parts: readonly string[]): string {
  if (parts.length === 0 || parts.includes('')) throw new RangeError('a job id needs parts that are not empty');
  const id = parts.map(encodeURIComponent).join('/');
  // No encoded part starts with a slash, so the mark cannot make two ids equal.
  return /^-?\d+$/.test(id) ? `/${id}` : id;
}
