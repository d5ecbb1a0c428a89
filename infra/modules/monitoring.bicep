// Where logs, traces and metrics go. Written and read with Entra identities only.
param suffix string
param location string
param tags object

var daysKept = 30

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: 'log-springest-${suffix}'
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: daysKept
    features: { disableLocalAuth: true }
    // Some twenty times what the app writes on a usual day; a fault that repeats itself stops costing here.
    workspaceCapping: { dailyQuotaGb: 2 }
  }
}

// Those of Application Insights keep 90 days, whatever the workspace says, unless each of them says otherwise. One after the other, as
// a workspace takes few changes at a time.
@batchSize(1)
resource telemetry 'Microsoft.OperationalInsights/workspaces/tables@2025-02-01' = [
  for each in ['AppDependencies', 'AppExceptions', 'AppMetrics', 'AppPerformanceCounters', 'AppRequests', 'AppTraces']: {
    parent: workspace
    name: each
    properties: { retentionInDays: daysKept, totalRetentionInDays: daysKept }
  }
]

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-springest-${suffix}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
  }
}

output workspaceId string = workspace.id
output insightsName string = insights.name
