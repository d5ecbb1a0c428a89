// What calls a person. docs/operate.md has an entry for each of them by its name; a test compares the two.
param location string
param tags object
param emails string[]
param officeEmails string[]
param appUrl string
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
      for (address, i) in emails: { name: 'mail-${i + 1}', emailAddress: address, useCommonAlertSchema: true }
    ]
  }
}

// Whom the summary goes to, once a day.
resource office 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(officeEmails)) {
  name: 'ag-springest-office'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'spr-office'
    emailReceivers: [
      for (address, i) in officeEmails: { name: 'mail-${i + 1}', emailAddress: address, useCommonAlertSchema: true }
    ]
  }
}

// Each query ends with a row for whatever needs somebody. Severities as Azure has them, 0 the worst and 4 the least.
var rules = [
  {
    name: 'needs-a-person'
    severity: 2
    query: loadTextContent('../alerts/needs-a-person.kql')
    description: 'See docs/operate.md, what waits for a person, by the kind. It is on ${appUrl}/api/console.'
    dimensions: ['kind', 'severity']
    // What ends by itself within a quarter of an hour needs nobody.
    evaluations: 2
  }
  {
    name: 'app-silent'
    severity: 1
    query: loadTextContent('../alerts/app-silent.kql')
    description: 'See docs/operate.md, app-silent.'
    dimensions: []
    evaluations: 1
  }
]

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for each in rules: {
    name: each.name
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Springest: ${each.name}'
      description: each.description
      severity: each.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT15M'
      windowSize: 'PT15M'
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
            dimensions: map(each.dimensions, name => { name: name, operator: 'Include', values: ['*'] })
            failingPeriods: { numberOfEvaluationPeriods: each.evaluations, minFailingPeriodsToAlert: each.evaluations }
          }
        ]
      }
      actions: { actionGroups: [actions.id] }
    }
  }
]

// A mail a day as long as something waits: looked at once a day, and without a memory.
resource dailySummary 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = if (!empty(officeEmails)) {
  name: 'daily-summary'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'Springest: daily-summary'
    description: 'What waits for somebody is on ${appUrl}/api/console.'
    severity: 4
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'P1D'
    windowSize: 'P1D'
    autoMitigate: false
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: loadTextContent('../alerts/daily-summary.kql')
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          // By which the line is in the mail.
          dimensions: [{ name: 'open', operator: 'Include', values: ['*'] }]
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: [office.id] }
  }
}

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
