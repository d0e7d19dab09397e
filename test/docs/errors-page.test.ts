/** docs/errors.md says what the catalogues say. */
import { readFileSync } from 'node:fs';
import { errorsPage, ERRORS_PAGE } from '../../local/errors-page';

test('the page of errors is up to date: run `npm run errors-page`', () => {
  expect(readFileSync(ERRORS_PAGE, 'utf8')).toBe(errorsPage());
});
