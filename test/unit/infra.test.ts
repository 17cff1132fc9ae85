import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

interface Statement {
  Sid: string;
  Effect: string;
  Principal?: { Service: string };
  Action: string | string[];
  Resource: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

interface Template {
  Resources: Record<
    string,
    { Type: string; Properties: Record<string, unknown>; [rest: string]: unknown }
  >;
}

const file = new URL('../../infra/uploads.json', import.meta.url);
const { Resources } = JSON.parse(readFileSync(file, 'utf8')) as Template;

const propertiesOf = (name: string) => Resources[name]?.Properties ?? {};

/** Both branches of a condition. */
function statementsOf(name: string): Statement[] {
  const { PolicyDocument } = propertiesOf(name) as {
    PolicyDocument: { Statement: (Statement | { 'Fn::If': [string, Statement, Statement] })[] };
  };
  return PolicyDocument.Statement.flatMap(
    (one) => ('Fn::If' in one ? one['Fn::If'].slice(1) : one) as Statement[],
  );
}

describe('infra/uploads.json', () => {
  it('moves a message to the dead letters after five receives, and keeps it there for 14 days', () => {
    const queue = propertiesOf('UploadQueue');
    assert.deepEqual(queue['RedrivePolicy'], {
      deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] },
      maxReceiveCount: 5,
    });
    const dead = propertiesOf('DeadLetterQueue');
    assert.ok(14 * 86_400 > Number(queue['MessageRetentionPeriod']));
    assert.equal(dead['MessageRetentionPeriod'], 14 * 86_400);
    // A dead-letter queue with a redrive policy of its own would lose letters to looks at them.
    assert.equal(dead['RedrivePolicy'], undefined);
  });

  it('lets only the service send, for one source of one account', () => {
    const statements = statementsOf('UploadQueuePolicy');
    assert.deepEqual(
      statements.map(({ Principal }) => Principal),
      [{ Service: 's3.amazonaws.com' }, { Service: 'events.amazonaws.com' }],
    );
    for (const { Effect, Action, Resource, Condition } of statements) {
      assert.deepEqual([Effect, Action], ['Allow', 'sqs:SendMessage']);
      assert.deepEqual(Resource, { 'Fn::GetAtt': ['UploadQueue', 'Arn'] });
      assert.deepEqual(Condition?.['StringEquals'], {
        'aws:SourceAccount': { Ref: 'AWS::AccountId' },
      });
      assert.ok(
        JSON.stringify(Condition['ArnEquals']).includes('"aws:SourceArn":{"Fn::Sub":"arn:'),
      );
    }
  });

  it('lets nobody do everything, or anything to everything', () => {
    const roles = [
      ...['StarterPolicy', 'WorkerPolicy', 'WebPolicy', 'OperatorPolicy'],
      'UploadQueuePolicy',
    ];
    for (const statement of roles.flatMap(statementsOf)) {
      const actions = [statement.Action].flat();
      assert.ok(
        actions.every((action) => /^(sqs|s3):[A-Za-z]+$/.test(action)),
        statement.Sid,
      );
      const resources = [statement.Resource].flat().map((one) => JSON.stringify(one));
      assert.ok(
        resources.every((one) => one !== '"*"'),
        statement.Sid,
      );
      assert.notEqual(JSON.stringify(statement.Principal), '"*"');
    }
  });

  it('gives the starter no right to write to S3 or to read the dead letters', () => {
    const actions = statementsOf('StarterPolicy').flatMap(({ Action, Resource }) =>
      [Action].flat().map((action) => `${action} ${JSON.stringify(Resource)}`),
    );
    assert.ok(actions.every((action) => !/s3:(Put|Delete)/.test(action)));
    const dead = actions.filter((action) => action.includes('DeadLetterQueue'));
    assert.deepEqual(
      dead.map((action) => action.split(' ')[0]),
      ['sqs:GetQueueUrl', 'sqs:SendMessage'],
    );
  });

  it('lets the web process write to where uploads go alone, and delete nothing', () => {
    const writes = statementsOf('WebPolicy').filter(({ Action }) =>
      [Action].flat().some((action) => /s3:(Put|Delete)/.test(action)),
    );
    assert.deepEqual(
      writes.map(({ Action, Resource }) => [Action, Resource]),
      [
        [
          's3:PutObject',
          { 'Fn::Sub': 'arn:${AWS::Partition}:s3:::${UserBucketName}/${KeyPrefix}*' },
        ],
      ],
    );
  });

  it('makes the policy before the bucket that is checked against it, and keeps the bucket', () => {
    const bucket = Resources['UserBucket'];
    assert.equal(bucket?.['DependsOn'], 'UploadQueuePolicy');
    assert.deepEqual(
      [bucket['DeletionPolicy'], bucket['UpdateReplacePolicy']],
      ['Retain', 'Retain'],
    );
  });

  it('filters by bucket, prefix and suffix on both ways', () => {
    const rule = JSON.stringify(propertiesOf('UploadRule')['EventPattern']);
    assert.ok(rule.includes('{"name":[{"Ref":"UserBucketName"}]}'));
    // Two patterns in a list would be either, not both.
    assert.ok(rule.includes('"key":[{"wildcard":{"Fn::Sub":"${KeyPrefix}*${KeySuffix}"}}]'));
    const bucket = JSON.stringify(propertiesOf('UserBucket')['NotificationConfiguration']);
    assert.ok(bucket.includes('{"Name":"prefix","Value":{"Ref":"KeyPrefix"}}'));
    assert.ok(bucket.includes('{"Name":"suffix","Value":{"Ref":"KeySuffix"}}'));
  });

  it('lets the pages send and play recordings, and reads no version without its header', () => {
    const cors = JSON.stringify(propertiesOf('UserBucket')['CorsConfiguration']);
    assert.ok(cors.includes('"AllowedOrigins":[{"Ref":"WebOrigin"}]'));
    assert.ok(cors.includes('"AllowedMethods":["PUT","GET"]'));
    assert.ok(cors.includes('"AllowedHeaders":["content-type","x-amz-meta-*"]'));
    assert.ok(cors.includes('"ExposedHeaders":["x-amz-version-id"]'));
  });
});
