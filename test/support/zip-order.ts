/** The same zip archive with one part moved before all others and one behind them, as some programs order a workbook. */
export function reorderedZip(zip: Buffer, first: string, last: string): Buffer {
  const rank = (name: string) => (name === first ? 0 : name === last ? 2 : 1);
  const end = zip.length - 22;
  const directoryStart = zip.readUInt32LE(end + 16);
  const entries: { name: string; header: Buffer; start: number; stop: number }[] = [];
  for (let at = directoryStart; at < end; ) {
    const nameBytes = zip.readUInt16LE(at + 28);
    const length = 46 + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    const header = Buffer.from(zip.subarray(at, at + length));
    entries.push({
      name: header.toString('utf8', 46, 46 + nameBytes),
      header,
      start: header.readUInt32LE(42),
      stop: 0,
    });
    at += length;
  }
  const starts = [...entries.map(({ start }) => start), directoryStart].sort((one, other) => one - other);
  for (const entry of entries) entry.stop = starts[starts.indexOf(entry.start) + 1] ?? directoryStart;
  entries.sort((one, other) => rank(one.name) - rank(other.name) || one.start - other.start);
  const bodies: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    entry.header.writeUInt32LE(offset, 42);
    const body = zip.subarray(entry.start, entry.stop);
    bodies.push(body);
    offset += body.length;
  }
  const tail = Buffer.from(zip.subarray(end));
  tail.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, ...entries.map(({ header }) => header), tail]);
}
