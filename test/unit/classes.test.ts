import assert from 'node:assert/strict';
import { createTokens, signToken, type TokenOptions } from '../../src/adapters/json-web-tokens.ts';
import { parseClasses } from '../../src/commands/token.ts';
import { maySee, visibilityOf, type Principal } from '../../src/web/principal.ts';

const options: TokenOptions = {
  algorithm: 'HS256',
  secret: 'a-secret-of-the-tests-0123456789abcdef',
  keysUrl: undefined,
  issuer: 'elocute',
  audience: 'elocute',
};
const teacher: Principal = { role: 'teacher', userId: 'lee', users: null, lessons: null };
const classes = new Map([
  ['3B', ['7', '482']],
  ['한 반', ['7', '9']],
]);

describe('the classes of a teacher', () => {
  it('come back from a token as they went into it', async () => {
    const token = await signToken(options, { ...teacher, classes }, 60);
    const principalOf = async (signed: string) => {
      const checked = await createTokens(options).verify(signed);
      return 'principal' in checked ? checked.principal : null;
    };
    assert.deepEqual(await principalOf(token), { ...teacher, classes });
    assert.deepEqual(await principalOf(await signToken(options, teacher, 60)), teacher);
  });

  it('are refused in a token where a name is none', async () => {
    for (const name of ['', 'a=b', 'a\nb', 'x'.repeat(65)]) {
      const wrong = { ...teacher, classes: new Map([[name, ['7']]]) };
      const checked = await createTokens(options).verify(await signToken(options, wrong, 60));
      assert.match('refused' in checked ? checked.refused : '', /its claims .* classes/, name);
    }
  });

  it('limit whom he sees where the token names no learners', () => {
    const users = (principal: Principal) => visibilityOf(principal).users;
    assert.equal(users(teacher), null);
    assert.deepEqual(users({ ...teacher, classes }), ['7', '482', '9']);
    assert.deepEqual(users({ ...teacher, classes: new Map() }), []);
    assert.deepEqual(users({ ...teacher, users: ['7'], classes }), ['7']);
    const lesson = { contentType: 'novel', level: 2, title: 'Kept', line: 1 };
    assert.equal(maySee({ ...teacher, classes }, { userId: '9', lesson }), true);
    assert.equal(maySee({ ...teacher, classes }, { userId: '8', lesson }), false);
  });

  it('widen nothing for a learner', () => {
    const learner: Principal = { ...teacher, role: 'learner', userId: '7', classes };
    assert.deepEqual(visibilityOf(learner).users, ['7']);
  });

  it('are read from the command line, and nothing else is', () => {
    assert.deepEqual(
      parseClasses(['3B=7,482', '한 반=a=b']),
      new Map([
        ['3B', ['7', '482']],
        ['한 반', ['a=b']],
      ]),
    );
    for (const wrong of ['3B', '=7', '3B=', '3B=7,', '3B=7,..', '3B=a/b']) {
      assert.throws(() => parseClasses([wrong]), /is not a name and ids/, wrong);
    }
    assert.throws(() => parseClasses(['3B=7', '3B=8']), /names 3B twice/);
  });
});
