using System.Text.Json.Nodes;

namespace Springest.Simulator.Data;

/// <summary>Changes trainings at random.</summary>
internal sealed class CatalogueChanger(Catalogue catalogue, TimeProvider clock, int seed)
{
    private readonly Random _random = new(seed);
    private readonly RecordSet _trainings = catalogue.Trainings;

    public IReadOnlyList<Change> Make(int count)
    {
        var ids = _trainings.Ids.ToList();
        var changes = new List<Change>(count);
        while (changes.Count < count && ids.Count > 0)
            changes.Add(Next(ids));
        return changes;
    }

    private Change Next(List<long> ids)
    {
        var index = _random.Next(ids.Count);
        var id = ids[index];
        switch (_random.Next(10))
        {
            case 0:
                ids.RemoveAt(index);
                _trainings.Remove(id);
                return new Change("destroy", "training", id);
            case 1 or 2:
                var added = Add(_trainings.Get(id)!, ids[^1]);
                ids.Add(added);
                return new Change("update", "training", added);
            default:
                _trainings.Update(id, Alter);
                return new Change("update", "training", id);
        }
    }

    private long Add(JsonObject training, long last)
    {
        training["id"] = last + _random.Next(1, 200);
        training["name"] = $"{training["name"]} {_random.Next(2, 1000)}";
        training["modified"] = TimeStamp.Format(clock.GetUtcNow());
        training["external_id"] = null;
        return _trainings.Put(training).Id;
    }

    private void Alter(JsonObject training)
    {
        switch (_random.Next(4))
        {
            case 0:
                training["price"] = _random.Next(5) == 0 ? null : $"{_random.Next(20, 4000)}.0";
                break;
            case 1:
                training["description"] += $"<p>Nieuw: editie {_random.Next(1, 100000)}.</p>";
                break;
            case 2:
                training["starting_dateplaces"] = new JsonArray();
                break;
            default:
                training["max_participants"] = _random.Next(4, 30);
                break;
        }
    }
}
