// What calls a person. docs/operate.md has an entry for each of them by its name; a test compares the two.
param location string
param tags object
param emails string[]
param workspaceId string
param storageName string
param topicName string

resource storage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: storageName
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

resource actions 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-springest'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'springest'
    emailReceivers: [
      for (address, i) in emails: { name: 'mail-${i + 1}', emailAddress: trim(address), useCommonAlertSchema: true }
    ]
  }
}

// Each query ends with a row for whatever needs somebody; severities as Azure has them, 0 the worst and 4 the least.
var queries = [
  { name: 'app-silent', severity: 1, query: loadTextContent('../alerts/app-silent.kql') }
  { name: 'executions-failed', severity: 2, query: loadTextContent('../alerts/executions-failed.kql') }
  { name: 'webhooks-refused', severity: 2, query: loadTextContent('../alerts/webhooks-refused.kql') }
  { name: 'inbox-old', severity: 2, query: loadTextContent('../alerts/inbox-old.kql') }
  { name: 'webhooks-dead-lettered', severity: 3, query: loadTextContent('../alerts/webhooks-dead-lettered.kql') }
  { name: 'webhooks-not-understood', severity: 2, query: loadTextContent('../alerts/webhooks-not-understood.kql') }
  { name: 'webhooks-deletes-held', severity: 2, query: loadTextContent('../alerts/webhooks-deletes-held.kql') }
  { name: 'mirror-stale', severity: 2, query: loadTextContent('../alerts/mirror-stale.kql') }
  { name: 'mirror-stopped', severity: 2, query: loadTextContent('../alerts/mirror-stopped.kql') }
  { name: 'deletes-held', severity: 2, query: loadTextContent('../alerts/deletes-held.kql') }
  { name: 'certificates-waiting', severity: 2, query: loadTextContent('../alerts/certificates-waiting.kql') }
  { name: 'certificates-old', severity: 2, query: loadTextContent('../alerts/certificates-old.kql') }
  { name: 'files-poisoned', severity: 3, query: loadTextContent('../alerts/files-poisoned.kql') }
  { name: 'quota-blocked', severity: 2, query: loadTextContent('../alerts/quota-blocked.kql') }
  { name: 'quota-unreadable', severity: 1, query: loadTextContent('../alerts/quota-unreadable.kql') }
  { name: 'key-rejected', severity: 1, query: loadTextContent('../alerts/key-rejected.kql') }
]

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for each in queries: {
    name: each.name
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Springest: ${each.name}'
      description: 'See docs/operate.md, ${each.name}.'
      severity: each.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT15M'
      // Timers that run once an hour have to fail twice.
      windowSize: each.name == 'executions-failed' ? 'PT3H' : 'PT30M'
      autoMitigate: true
      // The tables come into being with the first telemetry.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: each.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            dimensions: [{ name: 'site', operator: 'Include', values: ['*'] }]
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [actions.id] }
    }
  }
]

resource storageThrottled 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'storage-throttled'
  location: 'global'
  tags: tags
  properties: {
    description: 'See docs/operate.md, storage-throttled.'
    severity: 3
    enabled: true
    autoMitigate: true
    scopes: [storage.id]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'throttled'
          metricNamespace: 'Microsoft.Storage/storageAccounts'
          metricName: 'Transactions'
          dimensions: [
            {
              name: 'ResponseType'
              operator: 'Include'
              values: [
                'ServerBusyError'
                'ClientThrottlingError'
                'ClientAccountRequestThrottlingError'
                'ClientAccountBandwidthThrottlingError'
              ]
            }
          ]
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 20
          // The values are known to the metric only once they have occurred.
          skipMetricValidation: true
        }
      ]
    }
    actions: [{ actionGroupId: actions.id }]
  }
}

resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'dead-letters'
  location: 'global'
  tags: tags
  properties: {
    description: 'See docs/operate.md, dead-letters.'
    severity: 3
    enabled: true
    autoMitigate: true
    scopes: [topic.id]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT1H'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'dead-lettered'
          metricNamespace: 'Microsoft.EventGrid/systemTopics'
          metricName: 'DeadLetteredCount'
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 0
          skipMetricValidation: true
        }
      ]
    }
    actions: [{ actionGroupId: actions.id }]
  }
}

output actionGroupId string = actions.id
