/** A role that fails while something of it still holds the process: what is left of a connection, a timer. */
import { startRole } from '../../../config/role';

void startRole('stub', [], () => {
  setInterval(() => undefined, 1_000);
  return Promise.reject(new Error('the server does not answer'));
});
