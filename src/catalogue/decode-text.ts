import { createReadStream } from 'node:fs';
import { pipeline, type Readable, Transform } from 'node:stream';
import { TextDecoder } from 'node:util';
import iconv from 'iconv-lite';

type TextEncoding = 'utf-8' | 'utf-16le' | 'cp949';

/**
 * The encoding of a text file. Korean spreadsheets save CSV as CP949 unless told otherwise, and "Unicode text" as
 * UTF-16. Bytes that are valid UTF-8 to the end are UTF-8: Korean text in CP949 practically never is.
 *
 * Reads the file once, in pieces.
 */
export async function detectEncoding(path: string): Promise<TextEncoding> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isFirst = true;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    if (isFirst && chunk[0] === 0xff && chunk[1] === 0xfe) return 'utf-16le';
    isFirst = false;
    try {
      decoder.decode(chunk, { stream: true });
    } catch {
      // A fatal decoder throws for one reason only: these bytes are not UTF-8.
      return 'cp949';
    }
  }
  return endsInsideLetter(decoder) ? 'cp949' : 'utf-8';
}

/** The file's text in pieces, without a byte order mark. */
export function decodedText(path: string, encoding: TextEncoding): Readable {
  const decoder = iconv.getDecoder(encoding, { stripBOM: true });
  const decode = new Transform({
    readableObjectMode: true,
    transform(chunk: Buffer, _encoding, done) {
      done(null, decoder.write(chunk) || undefined);
    },
    flush(done) {
      done(null, decoder.end() || undefined);
    },
  });
  // An error of either stream reaches the reader of `decode`, which pipeline destroys with it.
  return pipeline(createReadStream(path), decode, () => {});
}

function endsInsideLetter(decoder: TextDecoder): boolean {
  try {
    decoder.decode();
    return false;
  } catch {
    return true;
  }
}
