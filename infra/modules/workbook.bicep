// Charts of what the app did, over the metrics of docs/metrics.md. In the portal: Monitor, Workbooks.
param location string
param tags object
param workspaceId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'springest')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Springest'
    category: 'workbook'
    sourceId: workspaceId
    serializedData: loadTextContent('../workbook.json')
  }
}
