/** The limits of model files: beyond those of usual files, and near enough that a refusal takes little time. */

// Any file
/** Bytes that may be read of one file. */
export const MOST_BYTES_READ = 5_000_000;
/**
 * Parts of a file, such as fields, objects and texts, that are looked at: a refusal takes little time, whatever a file consists of. A
 * cell in 300 unrolled steps has 121,000; the weights of a network of Keras with 1,041 layers 150,000.
 */
export const MOST_PARTS = 160_000;
/** Blocks that are read together while a file is read from the start to the end. */
export const MOST_BLOCKS_TOGETHER = 16;
/** Milliseconds after which the worker that reads a file is ended. */
export const MOST_MILLISECONDS = 5000;
/** Arrays of a file. */
export const MOST_ARRAYS = 5000;
/** Axes of an array: the most of NumPy and PyTorch. */
export const MOST_AXES = 64;
/** Characters of an array's name. Those of the deepest modules of large models have about 150. */
export const LONGEST_NAME_OF_ARRAY = 600;
/** Layers that are compared with each other to find an order in which they fit. */
export const MOST_LAYERS_COMPARED = 1000;
/** Characters of the name of an array in the reason of a refusal. */
export const LONGEST_NAME_SHOWN = 80;
/** Names of layers in it. */
export const MOST_NAMES_SHOWN = 10;
/** Bytes of a file: no place in one is further. */
export const LARGEST_FILE = 2 ** 50;
/** Files that a model is in. */
export const MOST_FILES_OF_A_MODEL = 200;
/** Layers that are tried, one after another, to find an order in which all fit. */
export const MOST_STEPS_OF_PATHS = 2000;
/** Layers of a numbered block that are tried in all orders. */
export const MOST_LAYERS_OF_BLOCK = 5;
/** Other layers that are tried before, between and after such blocks. */
export const MOST_LAYERS_AROUND_BLOCKS = 30;
/** Stacked layers of a recurrent layer, as in the text of a model. */
export const MOST_STACKED_LAYERS = 1000;
/** The largest size, and number of parameters, in the text of a model; and the most numbers in the matrices of a recurrent layer for one gate. */
export const LARGEST_SIZE = 2 ** 31 - 1;

// ZIP, NumPy
/** Members of a ZIP file. */
export const MOST_ZIP_MEMBERS = 20_000;
/** Bytes of the directory of a ZIP file. */
export const LONGEST_ZIP_DIRECTORY = 4_000_000;
/** Bytes of an unpacked member. */
export const LARGEST_UNPACKED_MEMBER = 16_000_000;
/** How many times as large as the packed member an unpacked one may be. */
export const MOST_TIMES_PACKED = 200;
/** Bytes of the header of a .npy file, as NumPy writes it for an array with few axes. */
export const USUAL_NPY_HEADER = 128;
/** The most bytes of one. An array with 64 axes, the most of NumPy, needs 800. */
export const LONGEST_NPY_HEADER = 1024;
/** Arrays of an .npz file. */
export const MOST_NPZ_ARRAYS = 2000;
/** Arrays of an .npz file that must be unpacked. */
export const MOST_PACKED_ARRAYS = 250;

// JSON, protocol buffers, FlatBuffers
/** Objects and lists in each other. */
export const MOST_JSON_LEVELS = 200;
/** Values of a JSON text. */
export const MOST_JSON_VALUES = 200_000;
/** Bytes of a file that is a JSON text. */
export const LONGEST_JSON_FILE = 4_000_000;
/** Messages in messages. */
export const MOST_PROTOBUF_LEVELS = 40;
/** Entries of a vector. */
export const MOST_FLATBUFFER_ENTRIES = 100_000;

// HDF5
/** Groups in groups, and levels of a B-tree. */
export const MOST_HDF5_LEVELS = 40;
/** Axes of an array: the limit of HDF5 itself. */
export const MOST_HDF5_AXES = 32;
/** Bytes of the name of an object or attribute. */
export const LONGEST_HDF5_NAME = 1024;
/** Bytes of an attribute. */
export const LONGEST_HDF5_ATTRIBUTE = 4_000_000;

// Pickles
/** Op codes of a pickle: about 30 for an array. */
export const MOST_PICKLE_OPERATIONS = 400_000;
/** Values to which a pickle refers later. */
export const MOST_PICKLE_REFERENCES = 100_000;
/** Objects, about 10 for an array: dictionaries, which count twice, lists, arrays ..., which need memory. */
export const MOST_PICKLE_OBJECTS = 100_000;
/** Open marks: objects in each other. Python itself writes no more. */
export const MOST_PICKLE_MARKS = 1000;
/** Characters of the name of a class or function. */
export const LONGEST_PICKLE_NAME = 1000;

// PyTorch
/** Bytes of a pickle. */
export const LONGEST_PICKLE = 4_000_000;
/** Bytes of a source of TorchScript. */
export const LONGEST_SOURCE = 200_000;
/** Sources of TorchScript that are read. */
export const MOST_SOURCES = 100;
/** Bytes of all sources together. */
export const MOST_CODE = 1_000_000;
/** Modules, dictionaries and lists in each other. */
export const MOST_MODULE_LEVELS = 60;
/** Values in them. */
export const MOST_MODULE_VALUES = 300_000;
/** Statements that are followed. */
export const MOST_STATEMENTS = 20_000;
/** Calls of methods within each other, one after another. */
export const MOST_METHOD_CALLS = 2000;
/** Calls of methods in each other, and brackets of an expression. */
export const MOST_CODE_LEVELS = 40;
/** Characters of a statement. */
export const LONGEST_STATEMENT = 20_000;
/** Characters of the parameters of a method. */
export const LONGEST_PARAMETERS = 4000;
/** Methods of a class. */
export const MOST_METHODS = 200;
/** Calls of layers in the code of a frozen module. */
export const MOST_FROZEN_CALLS = 1000;
/** Characters of the arguments of such a call. */
export const LONGEST_ARGUMENTS = 20_000;
/** Characters before a call in which the name of its variable is looked for. */
export const LONGEST_VARIABLE = 100;
/** Operations of a .pt2 file. Of single operations a layer of 28 steps has about 350. */
export const MOST_PT2_NODES = 5000;

// Keras, TensorFlow, safetensors
/** Layers of a model in the configuration of Keras. NASNetLarge has 1,041. */
export const MOST_KERAS_LAYERS = 2500;
/** Axes after the batch, in the text of a model. */
export const MOST_KERAS_AXES = 4;
/** Models in models, and layers through which a source is followed. */
export const MOST_KERAS_LEVELS = 20;
/** Layers whose outputs a layer gets. */
export const MOST_SOURCES_OF_A_KERAS_LAYER = 100;
/** Cells of a layer. */
export const MOST_STACKED_CELLS = 100;
/** Bytes of a block of a checkpoint's index. */
export const LONGEST_CHECKPOINT_BLOCK = 1_000_000;
/** Bytes of the header of a .safetensors file. */
export const LONGEST_SAFETENSORS_HEADER = 4_000_000;

// Graphs: ONNX, TensorFlow Lite
/** Nodes of an ONNX model, with those of functions at each call: silero-vad's model has 1,000, a cell in 360 unrolled steps 8,000. */
export const MOST_ONNX_NODES = 8000;
/** Numbers that are read of an array or an attribute. */
export const MOST_ONNX_NUMBERS = 16;
/** Bytes of the name of an exporter. */
export const LONGEST_EXPORTER_NAME = 1000;
/** Axes of an array. */
export const MOST_ONNX_AXES = 16;
/** Attributes of a node. */
export const MOST_ONNX_ATTRIBUTES = 100;
/** Functions that call functions. */
export const MOST_ONNX_LEVELS = 20;
/** Kinds of operations. TensorFlow Lite has about 210. */
export const MOST_TFLITE_CODES = 2000;
/** Loops in loops. */
export const MOST_TFLITE_LEVELS = 20;
/** Numbers that are read of an array. */
export const MOST_TFLITE_NUMBERS = 8;
/** Layers and inputs from which a value is computed, that are remembered. */
export const MOST_SOURCES_OF_A_VALUE = 4;
/** Places in which a layer is used, of which is said what it reads there. */
export const MOST_USES_OF_A_LAYER = 20;
/** Operations in a gate, and between two operations of an equation. */
export const MOST_TERMS = 64;
/** Values from which the state after a step is computed, up to the state before it. */
export const MOST_VALUES_OF_A_STEP = 256;
/** Operations of a file that are followed. */
export const MOST_OPERATIONS_FOLLOWED = 300_000;
