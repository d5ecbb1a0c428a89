using System.Text.Json;

namespace Springest.Tools.Demo;

/// <summary>Where a demo keeps its storage and its logs, so that the next one can go on from there.</summary>
internal sealed class DemoFolder : IDisposable
{
    private const string InUse = "in-use";

    private readonly FileStream _inUse;

    private DemoFolder(string path, DemoState state, FileStream inUse)
    {
        (Root, State, _inUse) = (path, state, inUse);
        Directory.CreateDirectory(Logs);
        File.WriteAllText(StateFile(path), JsonSerializer.Serialize(state));
    }

    public string Root { get; }

    /// <summary>Null where no demo will go on from there: it need not be on the disk.</summary>
    public string? Storage { get; private init; }

    public string Logs => Path.Combine(Root, "logs");

    /// <summary>What the simulated site is made of; the same values make the same site again.</summary>
    public DemoState State { get; }

    /// <summary>Why the demo of a folder cannot go on.</summary>
    public static UserErrorException Broken(string file)
        => new($"{file} is cut off, or was changed. Delete {Path.GetDirectoryName(file)}, or give another folder by --data.");

    /// <summary>Opens the folder of <c>--data</c>, or an empty one.</summary>
    /// <exception cref="UserErrorException">The folder holds a demo of another size, or one that is running.</exception>
    public static DemoFolder Open(DemoOptions options)
    {
        var path = options.Data ?? Path.GetFullPath(Path.Combine("artifacts", "demo"));
        var inUse = Lock(path);
        if (options.Data is null)
            Empty(path);

        var wanted = new DemoState(options.Trainings, options.Subjects, options.Certifications);
        var state = Read(path) ?? wanted;
        if (state != wanted)
        {
            inUse.Dispose();
            throw new UserErrorException($"""
                {path} holds a demo with other numbers. Go on with it by
                  --trainings {state.Trainings} --subjects {state.Subjects} --certifications {state.Certifications}
                or give another folder.
                """);
        }

        return new DemoFolder(path, state, inUse) { Storage = options.Data is null ? null : Path.Combine(path, "azurite") };
    }

    public void Dispose() => _inUse.Dispose();

    private static FileStream Lock(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception problem)
            when (problem is UnauthorizedAccessException || (problem is IOException io && !Screen.IsDiskFull(io)))
        {
            throw Unusable(path, problem);
        }

        try
        {
            return new FileStream(Path.Combine(path, InUse), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException problem) when (!Screen.IsDiskFull(problem))
        {
            throw new UserErrorException($"Another demo is using {path}. End it first, or give another folder by --data.");
        }
        catch (UnauthorizedAccessException problem)
        {
            throw Unusable(path, problem);
        }
    }

    private static UserErrorException Unusable(string path, Exception problem)
        => new($"The demo cannot keep its data in {path}. {problem.Message}");

    private static void Empty(string path)
    {
        foreach (var folder in Directory.GetDirectories(path))
            Directory.Delete(folder, recursive: true);
        foreach (var file in Directory.GetFiles(path).Where(file => Path.GetFileName(file) != InUse))
            File.Delete(file);
    }

    private static DemoState? Read(string path)
    {
        try
        {
            return File.Exists(StateFile(path)) ? JsonSerializer.Deserialize<DemoState>(File.ReadAllText(StateFile(path))) : null;
        }
        catch (JsonException)
        {
            throw Broken(StateFile(path));
        }
    }

    private static string StateFile(string path) => Path.Combine(path, "demo.json");
}
