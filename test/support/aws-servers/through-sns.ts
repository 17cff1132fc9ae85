/** docs/uploads.md says the same in words. */
export function throughSns(name: string, bucket: string, raw: boolean): object {
  const arnOf = (resource: string) => ({ 'Fn::GetAtt': [resource, 'Arn'] });
  const allow = (service: string, action: string, resource: object, source: unknown) => ({
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: action,
        Resource: resource,
        Condition: {
          ArnEquals: { 'aws:SourceArn': source },
          StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
        },
      },
    ],
  });
  const fromBucket = allow(
    's3.amazonaws.com',
    'sns:Publish',
    { Ref: 'Topic' },
    `arn:aws:s3:::${bucket}`,
  );
  const fromTopic = allow('sns.amazonaws.com', 'sqs:SendMessage', arnOf('Queue'), { Ref: 'Topic' });
  return {
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: name } },
      Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: name } },
      TopicPolicy: {
        Type: 'AWS::SNS::TopicPolicy',
        Properties: { Topics: [{ Ref: 'Topic' }], PolicyDocument: fromBucket },
      },
      QueuePolicy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: { Queues: [{ Ref: 'Queue' }], PolicyDocument: fromTopic },
      },
      Subscription: {
        Type: 'AWS::SNS::Subscription',
        DependsOn: 'QueuePolicy',
        Properties: {
          TopicArn: { Ref: 'Topic' },
          Protocol: 'sqs',
          Endpoint: arnOf('Queue'),
          RawMessageDelivery: raw,
        },
      },
      Bucket: {
        Type: 'AWS::S3::Bucket',
        DependsOn: ['TopicPolicy', 'Subscription'],
        Properties: {
          BucketName: bucket,
          VersioningConfiguration: { Status: 'Enabled' },
          NotificationConfiguration: {
            TopicConfigurations: [{ Event: 's3:ObjectCreated:*', Topic: { Ref: 'Topic' } }],
          },
        },
      },
    },
  };
}
