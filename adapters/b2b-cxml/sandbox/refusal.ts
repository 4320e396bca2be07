/** A document the buyer does not take; the code is that of cXML's Status. */
export class Refused extends Error {
  override name = 'Refused';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
