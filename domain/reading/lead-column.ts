/** Finds the column of a table that holds the number of a CRM lead. */

/** As our own files and exports of amoCRM and Kommo name it, in lower case without signs. */
const NAMES: ReadonlySet<string> = new Set(['leadid', 'idlead', 'idсделки', 'сделкаid', 'idлида', 'лидid', 'dealid']);
/** amoCRM's own export of leads calls it only "ID". */
const BESIDE_ID: ReadonlySet<string> = new Set(['названиесделки', 'leadname', 'leadtitle']);

/** The column's name as it stands; undefined where none is certain. */
export function leadColumn(columns: readonly string[]): string | undefined {
  const plain = columns.map((name) => name.toLowerCase().replace(/[^\p{L}\d]/gu, ''));
  const named = plain.findIndex((name) => NAMES.has(name));
  if (named >= 0) return columns[named];
  return plain.some((name) => BESIDE_ID.has(name)) ? columns[plain.indexOf('id')] : undefined;
}
