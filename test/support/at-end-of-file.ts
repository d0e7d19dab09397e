/** The name under which a test file's modules leave what their environment is to do when all tests and hooks have ended. */
export const AT_END_OF_FILE = 'atEndOfTestFile';
